import { readFileSync } from 'node:fs';
import {
  type Configuration,
  defaultConfigurationFile,
  resolveConfiguration,
} from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';

/**
 * The configuration from its file (PLAYHOUSE_CONFIG, else the default one) and the environment. A file that was asked for
 * must be there; the default one may be missing.
 * @throws PlayhouseError configuration-invalid, file-unreadable
 */
export function loadConfiguration(environment: NodeJS.ProcessEnv): Configuration {
  const asked = environment['PLAYHOUSE_CONFIG'];
  const file = asked ?? defaultConfigurationFile;
  return resolveConfiguration(readConfiguration(file, asked === undefined), environment, file);
}

function readConfiguration(file: string, optional: boolean): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (optional && (cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new PlayhouseError('file-unreadable', { file, detail: whyUnreadable(cause) }, { cause });
  }
}
