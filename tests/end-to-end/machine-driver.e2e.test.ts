import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { kernelFiles } from '../../packages/engine/src/kernels/kernel-store.ts';
import { createOverlay } from '../../packages/engine/src/layers/qemu-img.ts';
import { kernelCommandLine } from '../../packages/engine/src/machines/kernel-command-line.ts';
import {
  describeMachineDriver,
  type DriverFixture,
} from '../../packages/engine/src/machines/machine-driver.contract.ts';
import { QemuDriver } from '../../packages/engine/src/machines/qemu/qemu-driver.ts';
import { qemuVersion } from '../../packages/engine/src/machines/qemu/qemu-version.ts';
import { Cgroups } from '../../packages/engine/src/system/cgroup.ts';
import { imageCache } from './support/locations.ts';
import { runOk } from './support/process.ts';

describe('the QEMU driver', () => {
  const group = `playhouse-test${randomBytes(3).toString('hex')}`;
  const cgroups = new Cgroups(group);
  let folder = '';
  afterAll(async () => {
    await cgroups.remove('');
    await rm(folder, { recursive: true, force: true });
  });

  let opened: DriverFixture | undefined;
  describeMachineDriver(async () => {
    folder = await mkdtemp('/tmp/phd-');
    const version = await qemuVersion();
    const kernel = kernelFiles(`${imageCache}/kernels/6.1`);
    const tscKhz = Number(await runOk([kernel.agent, 'tsc-khz']));
    const [layer = ''] = (await readdir(`${imageCache}/sources`)).filter((name) => name.includes('@'));
    const base = `${imageCache}/sources/${layer}/layer.qcow2`;
    const makeDriver = () => new QemuDriver(cgroups, () => ({ accelerator: 'tcg', user: 'nobody', version }));
    let count = 0;
    opened = {
      driver: makeDriver(),
      anotherDriver: makeDriver,
      makeSpec: async () => {
        const id = randomBytes(12).toString('hex');
        const path = (name: string) => `${folder}/${count}-${name}`;
        count += 1;
        await createOverlay(base, path('root.qcow2'), 10 * 1024 ** 3);
        return {
          id: `${id}/0`,
          name: 'machine',
          type: 'microvm',
          cpuCount: 1,
          ramBytes: 256 * 1024 ** 2,
          kernel: { ...kernel, commandLine: kernelCommandLine({ class: 'tcg', tscKhz }) },
          drives: [
            {
              serial: 'root',
              readOnly: false,
              chain: [
                { path: path('root.qcow2'), format: 'qcow2' },
                { path: base, format: 'qcow2' },
              ],
            },
          ],
          interfaces: [],
          enterNetwork: [],
          consoleLog: path('console.log'),
          processLog: path('qemu.log'),
          agentSocket: path('agent'),
          controlSocket: path('qmp'),
          pidFile: path('pid'),
        };
      },
      leftovers: async (spec) => [
        ...(await cgroups.processes(spec.id)).map((pid) => `process ${pid}`),
        ...['', 'cpu', 'memory', 'pids']
          .map((controller) => `/sys/fs/cgroup/${controller}/${group}/${spec.id}`)
          .filter((path) => existsSync(path)),
        ...[spec.agentSocket, spec.controlSocket, spec.pidFile].filter((file) => existsSync(file)),
      ],
    };
    return opened;
  });

  test('a guest whose kernel has no timer says so and restarts before it could hang', async () => {
    if (!opened) throw new Error('the suite above opens it');
    const { driver, makeSpec } = opened;
    const spec = await makeSpec();
    const commandLine = `${spec.kernel.commandLine} noapictimer`;
    const running = await driver.start({ ...spec, kernel: { ...spec.kernel, commandLine } });
    expect(await running.ended).toBe('reset');
    expect(await readFile(spec.consoleLog, 'utf8')).toContain('playhouse: restarting: ');
    await driver.kill(spec);
  });
});
