// The real supervisor process over small programs written for the test.
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { livingProcess, readPidFile } from './pid-file.ts';
import { pidFile, planFile, type SupervisorPlan } from './plan.ts';
import { supervise } from './supervise.ts';
import { identifyProcess, isAlive } from '../system/process-identity.ts';
import { type Child, startChild } from '../system/start-process.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
let folder = '';
let started: Child[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'playhouse-supervisor-'));
  started = [];
});

afterEach(async () => {
  for (const child of started.filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  )) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true });
});

function start(program: string): Child {
  const script = join(folder, 'service.mjs');
  writeFileSync(script, program);
  const environment = { HELLO: 'hello' };
  const service = {
    name: 'server',
    argv: [process.execPath, script],
    environment,
    logFile: join(folder, 'server.log'),
  };
  const plan: SupervisorPlan = { runDirectory: folder, services: [service] };
  writeFileSync(planFile(folder), JSON.stringify(plan));
  return launch();
}

function launch(): Child {
  const logDescriptor = openSync('/dev/null', 'w');
  const child = startChild([process.execPath, main, planFile(folder)], {
    environment: process.env,
    logDescriptor,
  });
  closeSync(logDescriptor);
  started.push(child);
  return child;
}

const log = (): string =>
  existsSync(join(folder, 'server.log')) ? readFileSync(join(folder, 'server.log'), 'utf8') : '';
const service = () => livingProcess(pidFile(folder, 'server'));
const soon = { timeout: 8000, interval: 30 };

test('starts a service with its environment, and keeps its output', async () => {
  start(`console.log(process.env.HELLO, Object.keys(process.env).length); setInterval(() => {}, 1000);`);
  await vi.waitFor(() => expect(log()).toMatch(/^hello 1\n$/), soon);
  expect(service()?.restarts).toBe(0);
});

test('starts a service again whenever it ends, ever more slowly, and counts', async () => {
  start(`console.log('up', Date.now());`);
  await vi.waitFor(() => expect(log().split('\n').length).toBeGreaterThan(4), soon);
  const times = [...log().matchAll(/up (\d+)/g)].map(([, time]) => Number(time));
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  expect(gaps[0]).toBeGreaterThanOrEqual(200);
  expect(gaps[1]).toBeGreaterThanOrEqual(400);
  expect(gaps[2]).toBeGreaterThanOrEqual(800);
  expect(readPidFile(pidFile(folder, 'server'))?.restarts).toBeGreaterThanOrEqual(3);
});

test('a killed service comes back with another pid', async () => {
  start(`setInterval(() => {}, 1000);`);
  const first = await vi.waitUntil(service, soon);
  process.kill(first.pid, 'SIGKILL');
  const second = await vi.waitUntil(() => {
    const now = service();
    return now !== null && now.pid !== first.pid && now;
  }, soon);
  expect(second.restarts).toBe(1);
});

test('a second supervisor refuses to start and changes nothing', async () => {
  start(`setInterval(() => {}, 1000);`);
  const first = await vi.waitUntil(service, soon);
  const second = launch();
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).toBe(3);
  expect(service()).toEqual(first);
});

test('SIGTERM ends the services and then the supervisor, and leaves no pid file', async () => {
  const child = start(`setInterval(() => {}, 1000);`);
  const running = await vi.waitUntil(service, soon);
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
  expect(isAlive(running)).toBe(false);
  expect(existsSync(pidFile(folder, 'server'))).toBe(false);
  expect(existsSync(pidFile(folder, 'supervisor'))).toBe(false);
});

test('after a supervisor was killed, the next one takes over and ends what was left behind', async () => {
  const child = start(`setInterval(() => {}, 1000);`);
  const orphan = await vi.waitUntil(service, soon);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(orphan)).toBe(true);
  launch();
  await vi.waitFor(
    () => expect(readPidFile(pidFile(folder, 'server'))?.pid ?? orphan.pid).not.toBe(orphan.pid),
    soon,
  );
  expect(isAlive(orphan)).toBe(false);
});

test('a service that has lived long enough has no restarts any more', async () => {
  const script = join(folder, 'service.mjs');
  const marker = join(folder, 'ran');
  writeFileSync(
    script,
    `import fs from 'node:fs'; if (!fs.existsSync('${marker}')) { fs.writeFileSync('${marker}', ''); process.exit(1); } setInterval(() => {}, 1000);`,
  );
  const service = {
    name: 'server',
    argv: [process.execPath, script],
    environment: {},
    logFile: join(folder, 'server.log'),
  };
  const supervision = await supervise({ runDirectory: folder, services: [service] }, 500);
  const file = pidFile(folder, 'server');
  await vi.waitFor(() => expect(livingProcess(file)?.restarts).toBe(1), soon);
  const pid = livingProcess(file)?.pid;
  await vi.waitFor(() => expect(livingProcess(file)).toMatchObject({ pid, restarts: 0 }), soon);
  await supervision.stop();
});

test('a pid file of an earlier boot of the host names nobody', () => {
  const self = identifyProcess(process.pid);
  const file = pidFile(folder, 'server');
  writeFileSync(file, `${process.pid} ${self?.startTime} 0 ${self?.bootId}\n`);
  expect(livingProcess(file)?.pid).toBe(process.pid);
  writeFileSync(file, `${process.pid} ${self?.startTime} 0 an-earlier-boot\n`);
  expect(livingProcess(file)).toBeNull();
});
