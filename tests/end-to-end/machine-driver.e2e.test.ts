import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { kernelFiles } from '../../packages/engine/src/kernels/kernel-store.ts';
import { createBlank, createOverlay } from '../../packages/engine/src/layers/qemu-img.ts';
import { configDrive } from '../../packages/engine/src/guest/config-drive.ts';
import { GuestAgent } from '../../packages/engine/src/guest/guest-agent.ts';
import type { MachineConfig } from '../../packages/engine/src/guest/machine-config.ts';
import { kernelCommandLine } from '../../packages/engine/src/machines/kernel-command-line.ts';
import { describeMachineCuts } from '../../packages/engine/src/machines/machine-cut.contract.ts';
import type { MachineSpec } from '../../packages/engine/src/machines/machine-driver.ts';
import {
  describeMachineDriver,
  type DriverFixture,
} from '../../packages/engine/src/machines/machine-driver.contract.ts';
import { QemuDriver } from '../../packages/engine/src/machines/qemu/qemu-driver.ts';
import { qemuVersion } from '../../packages/engine/src/machines/qemu/qemu-version.ts';
import { Cgroups } from '../../packages/engine/src/system/cgroup.ts';
import { imageCache } from './support/locations.ts';
import { runOk } from './support/process.ts';

/** What a guest needs to be told to come up with its agent. */
const plainConfig: MachineConfig = {
  hostname: 'machine',
  hosts: '127.0.0.1 localhost\n',
  nameservers: [],
  interfaces: [],
  users: [],
  sshHostKey: null,
  knownHosts: [],
  startupFiles: [],
  machineId: null,
  startupId: null,
  drives: [],
};

describe('the QEMU driver', () => {
  const group = `playhouse-test${randomBytes(3).toString('hex')}`;
  const cgroups = new Cgroups(group);
  let folder = '';
  afterAll(async () => {
    await cgroups.remove('');
    await rm(folder, { recursive: true, force: true });
  });

  let opening: Promise<DriverFixture> | undefined;
  const fixture = async () => await (opening ??= open());
  const open = async (): Promise<DriverFixture> => {
    folder = await mkdtemp('/tmp/phd-');
    // As in an installation: machines have a folder for their sockets that they can enter.
    await chmod(folder, 0o711);
    const version = await qemuVersion();
    const kernel = kernelFiles(`${imageCache}/kernels/6.1`);
    const tscKhz = Number(await runOk([kernel.agent, 'tsc-khz']));
    const [layer = ''] = (await readdir(`${imageCache}/sources`)).filter((name) => name.includes('@'));
    const base = `${imageCache}/sources/${layer}/layer.qcow2`;
    const makeDriver = () => new QemuDriver(cgroups, () => ({ accelerator: 'tcg', user: 'nobody', version }));
    let count = 0;
    return {
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
          memory: null,
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
  };
  describeMachineDriver(fixture);

  describeMachineCuts(async () => {
    const { driver, anotherDriver, makeSpec } = await fixture();
    const living = async (spec: MachineSpec): Promise<MachineSpec> => {
      const files = kernelFiles(`${imageCache}/kernels/6.1`);
      const config = `${spec.pidFile}.config`;
      await writeFile(config, await configDrive(plainConfig));
      const platform = [
        { serial: 'config', readOnly: true, chain: [{ path: config, format: 'raw' }] },
        { serial: 'modules', readOnly: true, chain: [{ path: files.modules, format: 'raw' }] },
      ] as const;
      return { ...spec, drives: [...spec.drives, ...platform] };
    };
    return {
      driver,
      anotherDriver,
      makeSpec: async () => await living(await makeSpec()),
      copyOf: async (spec) => {
        const copy = await living(await makeSpec());
        const [own, base] = [copy.drives[0]?.chain[0], spec.drives[0]?.chain ?? []];
        if (!own) throw new Error('a machine has a root drive');
        const root = { serial: 'root', readOnly: false, chain: [own, ...base] };
        return { ...copy, drives: [root, ...copy.drives.slice(1)] };
      },
      makeOverlay: async (spec) => {
        const file = `${spec.pidFile}.overlay`;
        await createBlank(file, 10 * 1024 ** 3);
        return file;
      },
      connect: async ({ agentSocket: socket }) =>
        await GuestAgent.connect(socket, { timeoutMs: 120_000, machine: 'machine', playground: 'none' }),
    };
  });

  test('a guest whose kernel has no timer says so and restarts before it could hang', async () => {
    const { driver, makeSpec } = await fixture();
    const spec = await makeSpec();
    const commandLine = `${spec.kernel.commandLine} noapictimer`;
    const running = await driver.start({ ...spec, kernel: { ...spec.kernel, commandLine } });
    expect(await running.ended).toBe('reset');
    expect(await readFile(spec.consoleLog, 'utf8')).toContain('playhouse: restarting: ');
    await driver.kill(spec);
  });
});
