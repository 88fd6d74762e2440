import { readFile } from 'node:fs/promises';
import {
  type Configuration,
  defaultConfigurationFile,
  resolveConfiguration,
} from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration of the installation on this host.
 * @throws PlayhouseError configuration-invalid, file-unreadable
 */
export async function readConfiguration(environment: Environment): Promise<Configuration> {
  const file = environment['PLAYHOUSE_CONFIG'] ?? defaultConfigurationFile;
  return resolveConfiguration(
    await readOptional(file, environment['PLAYHOUSE_CONFIG'] !== undefined),
    environment,
    file,
  );
}

/** Origin at which this host reaches the server of that configuration. */
export function localEndpoint({ server }: Pick<Configuration, 'server'>): string {
  const any = server.host === '0.0.0.0' || server.host === '::';
  const host = any ? '127.0.0.1' : server.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
}

async function readOptional(file: string, required: boolean): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (!required && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new PlayhouseError('file-unreadable', { file, detail: whyUnreadable(cause) }, { cause });
  }
}
