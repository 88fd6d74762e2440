// The real supervisor over a small program.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { livingProcess } from '../supervisor/pid-file.ts';
import { pidFile } from '../supervisor/plan.ts';
import { identifyProcess } from '../system/process-identity.ts';
import type { ServiceManager } from './service-manager.ts';
import { createSupervisorManager } from './supervisor-manager.ts';

let folder = '';
let last: ServiceManager | null = null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playhouse-manager-'));
  // Once: a service that is just beginning must not find it empty.
  await writeFile(join(folder, 'service.mjs'), 'setInterval(() => {}, 1000);');
});
afterEach(async () => {
  await last?.stop();
  await rm(folder, { recursive: true });
});

function manager(digest: string): ServiceManager {
  const service = {
    name: 'server',
    argv: [process.execPath, join(folder, 'service.mjs')],
    environment: { DIGEST: digest },
    logFile: join(folder, 'server.log'),
  };
  last = createSupervisorManager(
    { runDirectory: folder, services: [service] },
    {
      node: process.execPath,
      script: fileURLToPath(new URL('../supervisor/main.ts', import.meta.url)),
      logFile: join(folder, 'supervisor.log'),
      compileCache: join(folder, 'cache'),
    },
  );
  return last;
}

const pid = async (): Promise<number> =>
  (await vi.waitUntil(() => livingProcess(pidFile(folder, 'server')), { timeout: 8000 })).pid;

test('a plan that is the same leaves the services alone; another restarts them', async () => {
  await manager('one').ensureRunning();
  const first = await pid();
  await manager('one').ensureRunning();
  expect(await pid()).toBe(first);
  await manager('two').ensureRunning();
  expect(await pid()).not.toBe(first);
});

test('restarts of long ago are no fault; three while we look are', async () => {
  const mine = manager('one');
  await mine.ensureRunning();
  const self = identifyProcess(await pid());
  const restarted = (times: number): Promise<void> =>
    writeFile(pidFile(folder, 'server'), `${self?.pid} ${self?.startTime} ${times} ${self?.bootId}\n`);
  await restarted(7);
  await mine.ensureRunning();
  expect(await mine.findFault()).toBeNull();
  await restarted(10);
  expect(await mine.findFault()).toMatchObject({ service: 'server' });
  await restarted(1);
  expect(await mine.findFault()).toBeNull();
});
