// Where the server is and what opens it. The first that is set wins.
// Server: --endpoint, PLAYHOUSE_ENDPOINT, the local installation when the environment names one, credentials.json, the
// local installation. Token: PLAYHOUSE_TOKEN, PLAYHOUSE_TOKEN_FILE, credentials.json, the local admin token.
import { readFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';
import type { Access } from '../program/context.ts';
import { type Credentials, credentialsFile, readCredentials, settingsDirectory } from './credentials.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const installationVariables = [
  'PLAYHOUSE_CONFIG',
  'PLAYHOUSE_STATE_DIRECTORY',
  'PLAYHOUSE_SERVER_HOST',
  'PLAYHOUSE_SERVER_PORT',
];

/**
 * Decides on server and token. `endpointOption` is the value of --endpoint.
 * @throws PlayhouseError file-unreadable, configuration-invalid, usage
 */
export async function findAccess(environment: Environment, endpointOption: string | null): Promise<Access> {
  const directory = settingsDirectory(environment);
  const stored = await readCredentials(directory);
  const endpoint = await findEndpoint(environment, endpointOption, stored);
  const { token, tokenOrigin } = await findToken(environment, endpoint, stored, directory);
  return { endpoint, token, tokenOrigin };
}

async function findEndpoint(
  environment: Environment,
  option: string | null,
  stored: Credentials | null,
): Promise<string> {
  const named = option ?? environment['PLAYHOUSE_ENDPOINT'];
  if (named) return checkedOrigin(named);
  const local = installationVariables.some((name) => environment[name] !== undefined);
  if (stored !== null && !local) return stored.endpoint;
  return (await localInstallation(environment)).endpoint;
}

async function findToken(
  environment: Environment,
  endpoint: string,
  stored: Credentials | null,
  directory: string,
): Promise<Pick<Access, 'token' | 'tokenOrigin'>> {
  const direct = environment['PLAYHOUSE_TOKEN'];
  if (direct) return { token: direct.trim(), tokenOrigin: 'PLAYHOUSE_TOKEN' };
  const file = environment['PLAYHOUSE_TOKEN_FILE'];
  if (file) return { token: await readTokenFile(file), tokenOrigin: file };
  const own = stored?.tokens[endpoint];
  if (own !== undefined) return { token: own, tokenOrigin: credentialsFile(directory) };
  const local = await localInstallation(environment).catch(() => null);
  if (local === null || local.endpoint !== endpoint) return { token: null, tokenOrigin: null };
  const token = await readFile(local.adminToken, 'utf8').catch(() => null);
  return token === null
    ? { token: null, tokenOrigin: null }
    : { token: token.trim(), tokenOrigin: local.adminToken };
}

/** Loaded only when needed: reading the configuration takes its schema. */
async function localInstallation(
  environment: Environment,
): Promise<{ endpoint: string; adminToken: string }> {
  const [{ readConfiguration, localEndpoint }, { sharedPaths }] = await Promise.all([
    import('./installation.ts'),
    import('@playhouse/contract/state-directory'),
  ]);
  const configuration = await readConfiguration(environment);
  return { endpoint: localEndpoint(configuration), adminToken: sharedPaths(configuration).adminToken };
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new PlayhouseError('file-unreadable', { file, detail: whyUnreadable(cause) }, { cause });
  }
}

function checkedOrigin(text: string): string {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  const detail = `\`${text}\` is not the address of a server; expected something like http://127.0.0.1:7700.`;
  throw new PlayhouseError('usage', { detail, command: '' });
}
