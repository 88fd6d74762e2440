// What `up`, `down` and `doctor` need to know about the installation of this host.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { createClient } from '@playhouse/contract/routes/client';
import { sharedPaths } from '@playhouse/contract/state-directory';
import { localEndpoint, readConfiguration } from '../connection/installation.ts';
import { requestPatience, timedFetch } from '../connection/timed-fetch.ts';
import type { Connection, Context } from '../program/context.ts';
import { programName } from './program-name.ts';
import { parseSystemPackages } from '../toolchain/system-packages.ts';

/**
 * Configuration, paths and address of this host's installation.
 * @throws PlayhouseError configuration-invalid, file-unreadable
 */
export async function describeInstallation(context: Pick<Context, 'environment'>) {
  const configuration = await readConfiguration(context.environment);
  return {
    configuration,
    paths: sharedPaths(configuration),
    endpoint: localEndpoint(configuration),
  } as const;
}

export type Installation = Awaited<ReturnType<typeof describeInstallation>>;

/** A connection with the installation's own admin token; without one while the server has not made it. */
export async function connectAsAdmin(installation: Installation, signal: AbortSignal): Promise<Connection> {
  const { endpoint, paths } = installation;
  const token = (await readFile(paths.adminToken, 'utf8').catch(() => null))?.trim() ?? null;
  const tokenOrigin = token === null ? null : paths.adminToken;
  return {
    endpoint,
    token,
    tokenOrigin,
    client: createClient({ endpoint, token, signal, fetch: timedFetch(requestPatience) }),
  };
}

/** Names of the Debian packages of a section of system-packages.txt. */
export async function wantedPackages(codeRoot: string, section: 'run' | 'test'): Promise<readonly string[]> {
  const { sections } = parseSystemPackages(await readFile(join(codeRoot, 'system-packages.txt'), 'utf8'));
  return (sections[section] ?? []).map(({ name }) => name);
}

/**
 * `verb` is the command that needs root; the error names it as this user would type it.
 * @throws PlayhouseError not-root
 */
export function requireRoot(
  { codeRoot, environment }: Pick<Context, 'codeRoot' | 'environment'>,
  verb: string,
  user = process.getuid?.(),
): void {
  if (user === 0) return;
  const program = programName(codeRoot, environment['PATH'] ?? '', process.cwd());
  throw new PlayhouseError('not-root', { command: `${program} ${verb}` });
}
