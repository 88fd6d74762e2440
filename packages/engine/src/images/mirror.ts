// Where Debian’s packages come from: always what the host’s own apt is set up with, never a name of ours.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { existsSync } from 'node:fs';
import { type Run, runOrFail } from '../system/run.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const targetFormat = '$(CODENAME)\t$(REPO_URI)\t$(COMPONENT)';

/** Settings of the host’s apt that decide whether its mirrors can be used at all. */
const passedOn = /^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date|ForceIPv[46])\b/;

/** Suites that have no updates or security fixes beside them. */
const withoutPockets = /-|^(sid|unstable|experimental)$/;

export interface Mirror {
  /** `deb …` lines for the wanted suite with its updates and security fixes. */
  readonly lines: readonly string[];
  /** apt options in configuration syntax. */
  readonly options: readonly string[];
}

/**
 * The mirror lines for a Debian suite, derived from the host’s apt sources, whichever suite those are for.
 * @throws PlayhouseError unsupported-host when apt knows no Debian archive.
 */
export async function findMirror(suite: string, run: Run = runOrFail): Promise<Mirror> {
  const targets = await run(['apt-get', 'indextargets', '--format', targetFormat, 'Created-By: Packages']);
  const options = await run(['apt-config', 'dump', 'Acquire']);
  const lines = mirrorLines(targets.stdout, suite, existsSync(keyring) ? keyring : null);
  if (lines.length === 0) {
    throw new PlayhouseError('unsupported-host', {
      detail: 'apt-get knows no Debian archive (run apt-get update)',
    });
  }
  return { lines, options: options.stdout.split('\n').filter((line) => passedOn.test(line)) };
}

/** Pure half: the archives apt lists, for another suite of the same archives. */
export function mirrorLines(targets: string, suite: string, signedBy: string | null): readonly string[] {
  const rows = targets.split('\n').flatMap((line) => {
    const [codename = '', uri = '', component] = line.split('\t');
    return component === 'main' ? [{ codename, uri: uri.replace(/\/$/, '') }] : [];
  });
  const option = signedBy === null ? '' : ` [signed-by=${signedBy}]`;
  const wanted = new Set<string>();
  for (const { codename, uri } of rows) {
    const pocket = /^[a-z]+(-updates|-security)?$/.exec(codename);
    if (pocket?.[1] !== undefined && withoutPockets.test(suite)) continue;
    if (pocket) wanted.add(`deb${option} ${uri} ${suite}${pocket[1] ?? ''} main`);
  }
  return [...wanted];
}
