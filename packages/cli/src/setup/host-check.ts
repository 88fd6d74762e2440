import { readFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

export interface HostFacts {
  /** Content of /etc/os-release. */
  readonly osRelease: string;
  /** As Node.js names it: `x64`. */
  readonly architecture: string;
}

const supportedReleases = ['12', '13'];

/** Name of the system, for example `Debian GNU/Linux 12 (bookworm)`, or why it is not supported. */
export function judgeHost(facts: HostFacts): { readonly supported: boolean; readonly text: string } {
  const field = (name: string): string =>
    new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(facts.osRelease)?.[1] ?? '';
  const name = field('PRETTY_NAME') || 'an unknown system';
  if (facts.architecture !== 'x64')
    return { supported: false, text: `its processor is ${facts.architecture}, not amd64` };
  const supported = field('ID') === 'debian' && supportedReleases.includes(field('VERSION_ID'));
  return supported ? { supported, text: name } : { supported, text: `it runs ${name}` };
}

/** What this host is. */
export async function readHostFacts(): Promise<HostFacts> {
  return { osRelease: await readFile('/etc/os-release', 'utf8').catch(() => ''), architecture: process.arch };
}

/**
 * The name of this host's system.
 * @throws PlayhouseError unsupported-host
 */
export async function checkHost(): Promise<string> {
  const { supported, text } = judgeHost(await readHostFacts());
  if (!supported) throw new PlayhouseError('unsupported-host', { detail: text });
  return text;
}
