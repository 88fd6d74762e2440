import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Cgroups } from '../../packages/engine/src/system/cgroup.ts';
import { killProcesses } from './support/host-objects.ts';
import { Installation } from './support/installation.ts';
import { smallMachine } from './support/small-machine.ts';
import { until } from './support/until.ts';
import { run, runOk } from './support/process.ts';

test('an engine removes what carries its name and belongs to no playground, and nothing else', async () => {
  await using installation = await Installation.running();
  await installation.engine?.kill();
  const { id } = JSON.parse(await readFile(`${installation.state}/engine/installation.json`, 'utf8')) as {
    id: string;
  };
  const stray = 'aaaaaaaaaaaaaaaaaaaaaaaa';
  const foreign = `phzz${installation.id.slice(0, 2)}-9`;
  const cgroups = new Cgroups(`playhouse-${id}`);

  for (const name of [`ph${id}-77`, foreign]) await runOk(['ip', 'netns', 'add', name]);
  await runOk([
    ...installation.inNetns,
    'ip',
    'link',
    'add',
    `ph${id}-78`,
    'type',
    'veth',
    'peer',
    'name',
    'other0',
  ]);
  await cgroups.place(`${stray}/0`, process.pid, { cpuCount: 64, memoryBytes: 2 ** 36, tasks: 10_000 });
  await runOk([
    'sh',
    '-c',
    `for f in /sys/fs/cgroup/*/cgroup.procs /sys/fs/cgroup/cgroup.procs; do [ ! -e "$f" ] || echo ${process.pid} > "$f"; done`,
  ]);
  await mkdir(`${installation.state}/playgrounds/${stray}/machines`, { recursive: true });
  await writeFile(`${installation.state}/run/${stray}-0.pid`, '1');
  await mkdir(`${installation.state}/playgrounds/notes of the operator`);
  await mkdir(`${installation.state}/sources/.${stray}`, { recursive: true });
  try {
    expect(await installation.hostObjects()).not.toEqual([]);
    await installation.startEngine();
    expect(await installation.hostObjects()).toEqual(['notes of the operator']);
    expect(existsSync(`/run/netns/${foreign}`)).toBe(true);
    expect(installation.engine?.output).toContain('removed what belonged to no playground');
  } finally {
    await run(['ip', 'netns', 'delete', foreign]);
  }
});

test('a playground whose record cannot be read is left alone, and goes without a trace when it is destroyed', async () => {
  await using installation = await Installation.running();
  const { playground, operation } = await installation.start(smallMachine);
  await installation.ended(operation.id);
  await installation.engine?.kill();
  await writeFile(`${installation.state}/playgrounds/${playground.id}/playground.json`, '{"order":');

  await installation.startEngine();
  expect(installation.engine?.output).toContain('cannot be read');
  expect(await installation.machineProcesses()).toHaveLength(1);
  const { status } = await installation.destroy(playground.id);
  expect(status).toBe('succeeded');
  expect(await installation.leftovers()).toEqual([]);
});

test('a playground that was running and failed keeps what was written in it when it is tried again', async () => {
  await using installation = await Installation.running();
  const { playground, operation } = await installation.start(smallMachine);
  await installation.ended(operation.id);
  const address = (await installation.playground(playground.id)).machines[0]?.edgeAddress ?? '';
  await installation.ssh(address, 'root', 'echo kept > /root/note; sync');
  await installation.engine?.kill();
  await killProcesses(installation.state);
  await until('the machine to be gone', async () => (await installation.machineProcesses()).length === 0);

  // The host seems to have been restarted, and the machine cannot be booted again: its overlay is away.
  const folder = `${installation.state}/playgrounds/${playground.id}`;
  const overlay = `${folder}/machines/vm/root.qcow2`;
  await rename(overlay, `${overlay}.away`);
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const record = await readFile(`${folder}/playground.json`, 'utf8');
  await writeFile(
    `${folder}/playground.json`,
    record.replaceAll(bootId, '00000000-0000-0000-0000-000000000000'),
  );
  await installation.startEngine();
  await until(
    'the failure to be told',
    async () => (await installation.playground(playground.id)).status === 'error',
  );
  expect((await installation.playground(playground.id)).error).toMatchObject({ step: 'Booting machines' });

  await rename(`${overlay}.away`, overlay);
  const client = await installation.client();
  const retried = await client('playground.retry', { parameters: { playground: playground.id } });
  expect(await installation.ended(retried.operation.id)).toMatchObject({ status: 'succeeded' });
  expect((await installation.ssh(address, 'root', 'cat /root/note')).stdout).toBe('kept\n');
});
