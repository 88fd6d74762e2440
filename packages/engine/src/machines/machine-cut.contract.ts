// What a machine driver must do when machines are cut and taken up again, as a suite that runs over each of them.
import { truncate, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { GuestAgent } from '../guest/guest-agent.ts';
import type { MachineDriver, MachineSpec, NextOverlay } from './machine-driver.ts';

export interface CutFixture {
  readonly driver: MachineDriver;
  readonly anotherDriver: () => MachineDriver;
  /** A machine whose guest comes up with its agent. */
  readonly makeSpec: () => Promise<MachineSpec>;
  /** Another machine of the same shape, whose drives lie on the chains of this one. */
  readonly copyOf: (spec: MachineSpec) => Promise<MachineSpec>;
  /** An empty overlay for the machine’s root drive. */
  readonly makeOverlay: (spec: MachineSpec) => Promise<string>;
  readonly connect: (spec: MachineSpec) => Promise<GuestAgent>;
}

const mark = [
  '/bin/sh',
  '-c',
  'cat /root/disk /run/memory; kill -0 $(cat /run/sleeper) && echo alive',
] as const;

/** Registers the suite; `open` is called once, before the first test. */
export function describeMachineCuts(open: () => Promise<CutFixture>): void {
  let opened: Promise<CutFixture> | undefined;
  const fixture = async () => await (opened ??= open());

  const say = async (agent: GuestAgent, script: string) => {
    const { exitCode, stdout, stderr } = await agent.exec({ argv: ['/bin/sh', '-c', script] });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    return stdout;
  };

  test('a copy goes on where the machine was cut, and neither sees what the other does then', async () => {
    const { driver, makeSpec, copyOf, makeOverlay, connect } = await fixture();
    const spec = await makeSpec();
    const running = await driver.start(spec);
    const agent = await connect(spec);
    await say(
      agent,
      'echo disk > /root/disk; echo memory > /run/memory; sleep 1000 </dev/null >/dev/null 2>&1 & echo $! > /run/sleeper',
    );
    const image = `${spec.pidFile}.ram`;
    await writeFile(image, '');
    await truncate(image, spec.ramBytes);
    const overlay: NextOverlay = { file: await makeOverlay(spec), number: 1 };
    const copy = await copyOf(spec);

    const cut = await running.prepareCut(spec.ramBytes, new Map([[0, overlay]]));
    await cut.pause();
    await cut.switchDrives();
    const { devices, changedBytes } = await cut.saveMemory(image);
    await cut.goOn();
    await cut.close();
    expect(changedBytes).toBeGreaterThan(30 * 1024 ** 2);
    expect(await running.settle()).toEqual(new Map([[0, 1], ...platformDrives(spec)]));
    expect((await agent.exec({ argv: mark })).stdout).toBe('disk\nmemory\nalive\n');
    await say(agent, 'echo changed > /root/disk; echo changed > /run/memory; sync');

    await driver.start({ ...copy, memory: { image, devices } });
    const copied = await connect(copy);
    expect((await copied.exec({ argv: mark })).stdout).toBe('disk\nmemory\nalive\n');
    await say(copied, 'echo copy > /root/disk; kill $(cat /run/sleeper); sync');
    expect((await agent.exec({ argv: mark })).stdout).toBe('changed\nchanged\nalive\n');
    for (const each of [agent, copied]) each.close();
    for (const each of [spec, copy]) await driver.kill(each);
  });

  test('a machine in the middle of whose cut an engine died goes on, on the drives it had, and can be cut again', async () => {
    const { driver, anotherDriver, makeSpec, makeOverlay, connect } = await fixture();
    const spec = await makeSpec();
    const running = await driver.start(spec);
    const agent = await connect(spec);
    const overlays = new Map([[0, { file: await makeOverlay(spec), number: 1 }]]);
    const cut = await running.prepareCut(spec.ramBytes, overlays);
    await cut.pause();
    running.release();
    const adopted = await anotherDriver().adopt(spec, running.handle);
    expect(await adopted?.settle()).toEqual(new Map([[0, null], ...platformDrives(spec)]));
    expect(await say(agent, 'echo there')).toBe('there\n');
    const again = await adopted?.prepareCut(spec.ramBytes, overlays);
    await again?.pause();
    await again?.switchDrives();
    await again?.goOn();
    await again?.close();
    expect(await adopted?.settle()).toEqual(new Map([[0, 1], ...platformDrives(spec)]));
    expect(await say(agent, 'echo there > /root/disk; sync; cat /root/disk')).toBe('there\n');
    agent.close();
    await cut.close();
    await driver.kill(spec);
  });

  test('a machine that is held stands still, also for the next engine, until it is settled', async () => {
    const { driver, anotherDriver, makeSpec, connect } = await fixture();
    const spec = await makeSpec();
    const running = await driver.start(spec);
    const agent = await connect(spec);
    const uptime = async () => Number((await say(agent, 'cut -d. -f1 /proc/uptime')).trim());
    const before = await uptime();
    await running.hold();
    running.release();
    const adopted = await anotherDriver().adopt(spec, running.handle);
    await expect(agent.exec({ argv: ['/bin/true'], timeoutMs: 3000 })).rejects.toMatchObject({
      code: 'guest-agent-silent',
    });
    agent.close();
    await adopted?.settle();
    const again = await connect(spec);
    const after = Number((await say(again, 'cut -d. -f1 /proc/uptime')).trim());
    // Its clock stood, too, while the agent was waited for: 18 seconds.
    expect(after - before).toBeLessThan(10);
    again.close();
    await driver.kill(spec);
  });
}

function platformDrives({ drives }: MachineSpec): readonly [number, null][] {
  return drives.slice(1).map((_, index) => [index + 1, null]);
}
