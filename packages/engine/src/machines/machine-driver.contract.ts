// What every machine driver must do, as a suite that runs over each of them with real machines.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isAlive } from '../system/process-identity.ts';
import type { MachineDriver, MachineSpec } from './machine-driver.ts';

export interface DriverFixture {
  readonly driver: MachineDriver;
  /** Another driver on the same host objects, as a restarted engine would make it. */
  readonly anotherDriver: () => MachineDriver;
  /** A machine of its own for each call, with a fresh root drive. */
  readonly makeSpec: () => Promise<MachineSpec>;
  /** Everything that machines of this fixture have on the host now. */
  readonly leftovers: (spec: MachineSpec) => Promise<readonly string[]>;
}

/** Registers the suite; `open` is called once, before the first test. */
export function describeMachineDriver(open: () => Promise<DriverFixture>): void {
  let opened: Promise<DriverFixture> | undefined;
  const fixture = async () => await (opened ??= open());

  test('a started machine runs, says something on its console, and is gone after kill', async () => {
    const { driver, makeSpec, leftovers } = await fixture();
    const spec = await makeSpec();
    const running = await driver.start(spec);
    expect(isAlive(running.handle.process)).toBe(true);
    await driver.kill(spec);
    await running.ended;
    expect(isAlive(running.handle.process)).toBe(false);
    expect(await leftovers(spec)).toEqual([]);
  });

  test('kill is silent when there is no machine, and may be repeated', async () => {
    const { driver, makeSpec, leftovers } = await fixture();
    const spec = await makeSpec();
    await driver.kill(spec);
    await driver.start(spec);
    await Promise.all([driver.kill(spec), driver.kill(spec)]);
    await driver.kill(spec);
    expect(await leftovers(spec)).toEqual([]);
  });

  test('a machine that cannot start throws what its process said and leaves nothing', async () => {
    const { driver, makeSpec, leftovers } = await fixture();
    const spec = await makeSpec();
    const broken = { ...spec, kernel: { ...spec.kernel, image: '/nowhere/vmlinuz' } };
    await expect(driver.start(broken)).rejects.toMatchObject({
      code: 'machine-failed',
      message: expect.stringContaining('/nowhere/vmlinuz'),
    });
    expect(await leftovers(spec)).toEqual([]);
  });

  test('another engine adopts a running machine, and hears of its end', async () => {
    const { driver, anotherDriver, makeSpec } = await fixture();
    const spec = await makeSpec();
    const running = await driver.start(spec);
    running.release();
    const adopted = await anotherDriver().adopt(spec, running.handle);
    expect(adopted?.handle).toEqual(running.handle);
    process.kill(running.handle.process.pid, 'SIGKILL');
    await adopted?.ended;
    expect(isAlive(running.handle.process)).toBe(false);
    expect(await anotherDriver().adopt(spec, running.handle)).toBeNull();
    await driver.kill(spec);
  });

  test('a process that only has the number of an old machine is neither adopted nor killed', async () => {
    const { driver, makeSpec } = await fixture();
    const spec = await makeSpec();
    const running = await driver.start(spec);
    const { process: identity } = running.handle;
    const other = { process: { ...identity, startTime: '1' } };
    expect(await driver.adopt(spec, other)).toBeNull();
    expect(isAlive(identity)).toBe(true);
    await driver.kill(spec);
  });

  test('the console log is appended to, so that nothing of a boot is lost', async () => {
    const { driver, makeSpec } = await fixture();
    const spec = await makeSpec();
    const running = await driver.start({
      ...spec,
      kernel: { ...spec.kernel, commandLine: `${spec.kernel.commandLine} playhouse.probe=1` },
    });
    await running.ended;
    expect(await readFile(spec.consoleLog, 'utf8')).toContain('PLAYHOUSE-PROBE-OK');
    await driver.kill(spec);
  });
}
