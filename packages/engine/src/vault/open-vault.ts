import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { VaultConfiguration } from '@playhouse/contract/vault-configuration';
import { readTextIfPresent } from '../system/durable-file.ts';
import { DirectoryDriver } from './directory-driver.ts';
import { Vault } from './vault.ts';
import type { VaultDriver } from './vault-driver.ts';

/** Of `enginePaths`. */
export interface VaultPaths {
  readonly vault: string;
  readonly vaultKey: string;
}

/**
 * The vault that the configuration names; null for `none`. Touches neither disk nor network: a vault that is away, refuses,
 * or has another key is told by whatever is asked of it first.
 */
export async function openVault(
  configuration: { readonly vault: VaultConfiguration },
  paths: VaultPaths,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Vault | null> {
  const driver = await openDriver(configuration.vault, paths, environment);
  return driver && new Vault({ driver, keyFile: paths.vaultKey });
}

async function openDriver(
  vault: VaultConfiguration,
  paths: VaultPaths,
  environment: NodeJS.ProcessEnv,
): Promise<VaultDriver | null> {
  if (vault.kind === 'none') return null;
  if (vault.kind === 'directory') return new DirectoryDriver(vault.directory || paths.vault);
  // Loaded only where it is used: it is the largest dependency of the engine.
  const { S3Driver } = await import('./s3-driver.ts');
  return new S3Driver({ ...vault, readSecret: async () => await readSecret(vault, environment) });
}

/** Read anew whenever the client asks, so that a secret can be changed under a running engine. */
async function readSecret(vault: VaultConfiguration, environment: NodeJS.ProcessEnv): Promise<string> {
  const given = environment['PLAYHOUSE_VAULT_SECRET_ACCESS_KEY'];
  if (given) return given;
  const file = vault.secretAccessKeyFile;
  const where = `in bucket ${vault.bucket} at ${vault.endpoint}`;
  const refuse = (detail: string, cause?: unknown) =>
    new PlayhouseError('vault-refused', { where, detail }, { cause });
  if (file === '') throw refuse('`vault.secretAccessKeyFile` is not set');
  const text = await readTextIfPresent(file).catch((cause: unknown) => {
    throw refuse(`the file of its secret cannot be read: ${(cause as Error).message}`, cause);
  });
  if (text === null || text.trim() === '') throw refuse(`there is no secret in ${file}`);
  return text.trim();
}
