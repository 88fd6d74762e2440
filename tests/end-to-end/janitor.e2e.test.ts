import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Cgroups } from '../../packages/engine/src/system/cgroup.ts';
import { Installation } from './support/installation.ts';
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
