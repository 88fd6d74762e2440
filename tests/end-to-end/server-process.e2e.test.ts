// The real server process, started as root the way the supervisor does, in a folder of its own. Proves what cannot be seen
// inside one process: that root is given up, that a kill at every boundary loses nothing, and what it costs at rest.
import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '@playhouse/contract/routes/client';
import { serverCrashPoints } from '@playhouse/server/crash-point';
import { inventory } from '@playhouse/server/testing/fixtures';
import { TestEngine } from '@playhouse/server/testing/test-engine';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { untakenPort } from '../../packages/engine/src/system/testing/untaken-port.ts';
import { driveServer } from './support/drive-server.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const root = process.getuid?.() === 0;

let state: string;
let port: number;
let child: ChildProcess | undefined;
let output = '';

beforeEach(async () => {
  state = mkdtempSync(join(tmpdir(), 'playhouse-'));
  port = await untakenPort(14_000, 18_000);
});
afterEach(async () => {
  await kill('SIGKILL');
  rmSync(state, { recursive: true });
});

/** Starts the server; its exit code if it ended instead of becoming ready. */
async function start(environment: Record<string, string> = {}, from = checkout): Promise<number | null> {
  output = '';
  const started = spawn(
    process.execPath,
    ['--max-semi-space-size=2', join(from, 'packages/server/src/main.ts')],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        PLAYHOUSE_CONFIG: '',
        ...(existsSync(join(state, 'config.yaml')) ? { PLAYHOUSE_CONFIG: join(state, 'config.yaml') } : {}),
        ...environment,
      },
    },
  );
  child = started;
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (data) => {
      // Not what an earlier one says that runs beside it.
      if (child === started) output += String(data);
    });
  return new Promise((resolve) => {
    // It has said everything then.
    started.once('close', (code) => resolve(code ?? 128));
    started.stdout.on('data', () => {
      if (output.includes('server ready')) resolve(null);
    });
  });
}

function configure(user = 'nobody'): void {
  writeFileSync(
    join(state, 'config.yaml'),
    `stateDirectory: ${state}\nserver: { port: ${port}, user: ${user} }\n`,
  );
}

async function kill(signal: NodeJS.Signals): Promise<number | null> {
  const running = child;
  if (running === undefined || running.exitCode !== null || running.signalCode !== null)
    return running?.exitCode ?? null;
  const ended = new Promise<number | null>((resolve) => running.once('exit', resolve));
  running.kill(signal);
  return ended;
}

/** Fails within the time of a test that never came by the place where it ought to have died. */
async function died(): Promise<void> {
  const running = child;
  if (running?.exitCode === null && running.signalCode === null) {
    await Promise.race([new Promise((resolve) => running.once('exit', resolve)), setTimeout(60_000)]);
  }
  expect(running?.signalCode).toBe('SIGKILL');
}

function connect(): Client {
  const token = readFileSync(join(state, 'server/admin-token'), 'utf8').trim();
  return createClient({ endpoint: `http://127.0.0.1:${port}`, token });
}

async function connectEngine(): Promise<TestEngine> {
  const kernels = inventory.kernels.flatMap((kernel) => [kernel, { ...kernel, name: '6.12' }]);
  const hello = { inventory: { ...inventory, kernels } };
  const engine = await TestEngine.connect(join(state, 'run/server/link.sock'), hello);
  await engine.next('welcome');
  return engine;
}

test.runIf(root)(
  'started as root it becomes its user before it opens anything, even from a checkout only root can read',
  async () => {
    const copy = join(state, 'checkout');
    cpSync(join(checkout, 'packages'), join(copy, 'packages'), { recursive: true });
    cpSync(join(checkout, 'node_modules'), join(copy, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    cpSync(join(checkout, 'package.json'), join(copy, 'package.json'));
    chmodSync(copy, 0o700);
    configure();
    expect(await start({}, copy)).toBeNull();
    const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8');
    const { uid } = statSync(join(state, 'server/playhouse.db'));
    expect(uid).not.toBe(0);
    expect(status).toContain(`Uid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
    expect(/^CapEff:\t0+$/m.test(status)).toBe(true);
    expect(/^Groups:.*\b0\b/m.test(status)).toBe(false);
    expect(statSync(join(state, 'server')).mode & 0o777).toBe(0o700);
    expect(statSync(join(state, 'server/store.key'))).toMatchObject({ uid, mode: 0o100600 });
    expect(statSync(join(state, 'run/server')).mode & 0o777).toBe(0o700);

    // Everything that may load code late: each kind of route, its errors, a WebSocket, the clean end.
    const engine = await connectEngine();
    const client = connect();
    await client('system.openapi');
    await client('playground.start', { body: { playspec: 'debian' } });
    await expect(client('playground.get', { parameters: { playground: '9' } })).rejects.toMatchObject({
      code: 'playground-unknown',
    });
    await expect(
      client('playground.start', { body: { playspec: 'flexbox', manifest: '{' } }),
    ).rejects.toMatchObject({ code: 'manifest-invalid' });
    await engine.disconnect();
    expect(await kill('SIGTERM')).toBe(0);
    expect(output).not.toContain('internal error');
  },
);

test.runIf(root)('a user that does not exist is told in one line', async () => {
  configure('nosuchuser');
  expect(await start()).toBe(1);
  expect(output).toMatch(
    /^playhouse server: The configuration is not valid: server\.user: .*nosuchuser.*\n$/,
  );
});

test('a second server on the same port or state directory is told in one line', async () => {
  configure();
  expect(await start()).toBeNull();
  const first = child;
  expect(await start()).toBe(1);
  expect(output).toMatch(/^playhouse server: The socket .*\n$/);
  const other = mkdtempSync(join(tmpdir(), 'playhouse-'));
  expect(await start({ PLAYHOUSE_STATE_DIRECTORY: other })).toBe(1);
  expect(output).toMatch(
    /playhouse server: The address 127\.0\.0\.1:\d+ is already in use by another program\. .*\n$/,
  );
  rmSync(other, { recursive: true });
  child = first;
});

test('a lost key of the database is told in one line, and the server starts again when it is back', async () => {
  configure();
  expect(await start()).toBeNull();
  await kill('SIGKILL');
  const file = join(state, 'server/store.key');
  renameSync(file, `${file}.away`);
  expect(await start()).toBe(1);
  expect(output).toMatch(/^playhouse server: The key `.*server\/store\.key`.* is missing .*Put back .*\n$/);
  expect(existsSync(file)).toBe(false);
  renameSync(`${file}.away`, file);
  expect(await start()).toBeNull();
});

test('it rests in at most 95 MB of its own', async () => {
  configure();
  expect(await start()).toBeNull();
  await connect()('playspec.list');
  const status = readFileSync(`/proc/${child?.pid}/status`, 'utf8');
  // How much of its program is in memory beside that, which all that run on Node.js share, is up to the host: 40 MB or 60.
  const kilobytes = Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]);
  console.log(`server: ${Math.round(kilobytes / 1000)} MB of its own`);
  expect(kilobytes).toBeLessThanOrEqual(95_000);
});

/** Drives the server, which dies at the point on the way; then it is started again and finishes the job. */
test.each(serverCrashPoints)('killed at %s, nothing is lost', async (point) => {
  configure();
  expect(await start({ PLAYHOUSE_CRASH_POINT: point })).toBeNull();
  const delivered = new Set<string>();
  await driveServer(point, { connect: connectEngine, client: connect(), delivered }).catch(() => undefined);
  await died();

  expect(await start()).toBeNull();
  const engine = await connectEngine();
  const client = connect();
  let { playgrounds } = await client('playground.list');
  if (playgrounds.length === 0) {
    // It died before the start was committed: on a source or a kernel.
    await client('playground.start', { body: { playspec: 'debian' } });
    ({ playgrounds } = await client('playground.list'));
  }
  const [playground] = playgrounds;
  if (playground?.status === 'error')
    await client('playground.retry', { parameters: { playground: playground.id } });
  if (playground?.status !== 'destroying')
    await client('playground.destroy', { parameters: { playground: playground?.id ?? '' } });
  const { operations } = await client('operation.list');
  for (const { id, status, kind } of operations) {
    if (status === 'succeeded' || status === 'failed' || status === 'cancelled') continue;
    const outcome = /^(playground\.destroy|source\.|kernel\.)/.test(kind) ? 'succeeded' : 'cancelled';
    await engine.report({ operationId: id, revision: 100, status: outcome });
  }
  expect(
    (await client('playground.get', { parameters: { playground: playground?.id ?? '' } })).playground.status,
  ).toBe('destroyed');
  // Every operation had its command delivered, before or after the kill.
  const commands = new Set(
    engine.rest.flatMap((message) => (message.type === 'command' ? [message.command.operationId] : [])),
  );
  const undelivered = operations.filter(
    ({ id, status }) => status === 'pending' && !commands.has(id) && !delivered.has(id),
  );
  expect(undelivered).toEqual([]);
});
