// The control plane: `node packages/server/src/main.ts`. Started as root it becomes an unprivileged user before it opens
// anything; after that it may be unable to read its own checkout, so every import in this package is static.
import { readFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { toPlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { pino } from 'pino';
import { createFastify } from './api/create-fastify.ts';
import { settleAsUser } from './drop-privileges.ts';
import { loadConfiguration } from './load-configuration.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** A clean end takes well under a second; what takes longer is cut off, which loses nothing either. */
const stopMs = 5000;

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

try {
  await run();
} catch (thrown) {
  const error = toPlayhouseError(thrown);
  process.stderr.write(`playhouse server: ${error.message.replaceAll('\n', ' ')} ${error.hint}\n`);
  process.exit(1);
}

async function run(): Promise<void> {
  process.umask(0o077);
  const configuration = loadConfiguration(process.env);
  const logger = pino({
    level: configuration.logLevel,
    base: { service: 'server' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['token', '*.token', 'headers.authorization', '*.headers.authorization', 'authorization'],
  });
  // The last chance to load from the checkout and to write the compile cache, which saves the next start much memory.
  createFastify(logger);
  flushCompileCache();
  settleAsUser(configuration);
  const codeDigest = process.env['PLAYHOUSE_CODE_DIGEST'] ?? 'unknown';
  const server = await startServer(configuration, { version, codeDigest }, logger);
  const { host, port } = configuration.server;
  logger.info({ version, address: `http://${host}:${port}`, uid: process.getuid?.() }, 'server ready');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'stopping');
      void stop(server);
    });
  }
}

async function stop(server: RunningServer): Promise<void> {
  setTimeout(() => process.exit(1), stopMs).unref();
  await server.close();
  process.exit(0);
}
