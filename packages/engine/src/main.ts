// The engine’s process. Started as root by the service manager or the supervisor. With the word `release` it only takes back
// what an engine set up on the host, for `playhouse down --purge`.
import { readFileSync } from 'node:fs';
import { defaultConfigurationFile, resolveConfiguration } from '@playhouse/contract/configuration';
import { PlayhouseError, toPlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';
import { pino } from 'pino';
import { startEngine } from './engine.ts';
import { releaseHost } from './release-host.ts';
import { isMissing } from './system/durable-file.ts';

const codeDirectory = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');

const stopWithinMs = 5000;

function readConfigurationFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Only the default file may be missing: all defaults, then.
    if (isMissing(error) && file === defaultConfigurationFile) return null;
    throw new PlayhouseError('file-unreadable', { file, detail: whyUnreadable(error) }, { cause: error });
  }
}

try {
  if (process.getuid?.() !== 0) throw new PlayhouseError('not-root', { command: 'playhouse up' });
  process.umask(0o022);
  const file = process.env['PLAYHOUSE_CONFIG'] ?? defaultConfigurationFile;
  const configuration = resolveConfiguration(readConfigurationFile(file), process.env, file);
  const { version } = JSON.parse(readFileSync(`${codeDirectory}/package.json`, 'utf8')) as {
    version: string;
  };
  const log = pino({ name: 'engine', level: configuration.logLevel });
  if (process.argv[2] === 'release') {
    await releaseHost(configuration);
    process.exit(0);
  }
  const engine = await startEngine({ configuration, codeDirectory, version, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      // Whatever is in the way of that must not keep it from ending.
      setTimeout(() => process.exit(0), stopWithinMs).unref();
      void engine.stop().finally(() => process.exit(0));
    });
  }
} catch (thrown) {
  const error = toPlayhouseError(thrown);
  process.stderr.write(`playhouse engine: ${error.message} ${error.hint}\n`);
  if (error.code === 'internal-error')
    process.stderr.write(`${String(error.cause instanceof Error ? error.cause.stack : '')}\n`);
  process.exit(1);
}
