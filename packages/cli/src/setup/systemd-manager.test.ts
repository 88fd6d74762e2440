import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ServicePlan } from '../supervisor/plan.ts';
import { createSystemdManager, type SystemdHost } from './systemd-manager.ts';

let folder = '';
let said: string[] = [];
let restarts = 0;
let down: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playhouse-systemd-'));
  await Promise.all([mkdir(join(folder, 'units')), mkdir(join(folder, 'logrotate.d'))]);
  [said, restarts, down] = [[], 0, []];
});
afterEach(async () => rm(folder, { recursive: true }));

function manager(port: string, logRotationDirectory = join(folder, 'logrotate.d')) {
  const systemctl = async (words: readonly string[]) => {
    said.push(words.join(' '));
    const exitCode = words[0] === 'is-active' && down.includes(words.at(-1) ?? '') ? 3 : 0;
    return { exitCode, stdout: words[0] === 'show' ? `${restarts}\n` : '', stderr: '' };
  };
  const host: SystemdHost = {
    unitDirectory: join(folder, 'units'),
    logRotationDirectory,
    ask: systemctl,
    tell: systemctl,
  };
  const service = (name: string): ServicePlan => ({
    name,
    argv: ['/usr/bin/node', `${name}.ts`],
    environment: { PLAYHOUSE_SERVER_PORT: port },
    logFile: join(folder, `${name}.log`),
  });
  return createSystemdManager([service('server'), service('engine')], host);
}

const unit = (name: string): Promise<string> => readFile(join(folder, 'units', name), 'utf8');
const changes = (): string[] => said.filter((words) => !/^(show|is-active)/.test(words));

test('what runs as planned is left alone', async () => {
  await manager('1').ensureRunning();
  said = [];
  await manager('1').ensureRunning();
  expect(changes()).toEqual([]);
});

test('a changed unit stops the old service before it is written, and starts the new one', async () => {
  await manager('1').ensureRunning();
  said = [];
  await manager('2').ensureRunning();
  const units = 'playhouse-server.service playhouse-engine.service';
  expect(changes()).toEqual([
    `stop ${units}`,
    'daemon-reload',
    `reset-failed ${units}`,
    `enable --quiet --now ${units}`,
  ]);
  expect(await unit('playhouse-server.service')).toContain('PLAYHOUSE_SERVER_PORT=2');
});

test('one service that is down is enough to start', async () => {
  await manager('1').ensureRunning();
  said = [];
  down = ['playhouse-engine.service'];
  await manager('1').ensureRunning();
  expect(changes()).toContain('enable --quiet --now playhouse-server.service playhouse-engine.service');
});

test('restarts of long ago are no fault; three while we look are', async () => {
  const mine = manager('1');
  await mine.ensureRunning();
  restarts = 7;
  await mine.ensureRunning();
  expect(await mine.findFault()).toBeNull();
  restarts = 10;
  expect(await mine.findFault()).toMatchObject({ service: 'server' });
});

test('logs are rotated by logrotate, and removal leaves nothing', async () => {
  await manager('1').ensureRunning();
  expect(await readFile(join(folder, 'logrotate.d/playhouse'), 'utf8')).toBe(
    `${folder}/server.log ${folder}/engine.log {\n  weekly\n  maxsize 10M\n  rotate 4\n  copytruncate\n  missingok\n  notifempty\n}\n`,
  );
  await manager('1').remove();
  expect(await readdir(join(folder, 'units'))).toEqual([]);
  expect(await readdir(join(folder, 'logrotate.d'))).toEqual([]);
});

test('a host without logrotate is no obstacle', async () => {
  await manager('1', join(folder, 'missing')).ensureRunning();
  expect(changes().at(-1)).toMatch(/^enable/);
});
