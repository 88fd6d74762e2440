import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { until } from './support/until.ts';
import { runOk } from './support/process.ts';

test('after a restart of the host, machines that ran are booted again with everything they wrote', async () => {
  await using installation = await Installation.running();
  const { playground, operation } = await installation.start();
  await installation.ended(operation.id);
  const address = (await installation.playground(playground.id)).machines[0]?.edgeAddress ?? '';
  await installation.ssh(address, 'laborant', 'echo kept > note; sync');
  const bootOf = async () =>
    (await installation.ssh(address, 'laborant', 'cat /proc/sys/kernel/random/boot_id')).stdout;
  const before = await bootOf();
  expect(before).not.toBe('');

  // What a restart leaves: files, but no process and no namespace; and the boot id is another.
  await installation.engine?.kill();
  for (const pid of await installation.machineProcesses()) process.kill(pid, 'SIGKILL');
  await until('the machine to be gone', async () => (await installation.machineProcesses()).length === 0);
  const [netns = ''] = (await installation.hostObjects()).filter((name) => /^ph[0-9a-f]{4}-\d+$/.test(name));
  await runOk([...installation.inNetns, 'ip', 'link', 'delete', netns]);
  await runOk(['ip', 'netns', 'delete', netns]);
  const record = `${installation.state}/playgrounds/${playground.id}/playground.json`;
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  await writeFile(
    record,
    (await readFile(record, 'utf8')).replaceAll(bootId, '00000000-0000-0000-0000-000000000000'),
  );

  await installation.startEngine();
  // Until the engine has told otherwise, it is known to run as it did before.
  await until(
    'the machine to be booted again',
    async () => !['', before].includes(await bootOf()),
    undefined,
    240_000,
  );
  await until(
    'the machine to be known to run',
    async () => (await installation.playground(playground.id)).machines[0]?.state === 'running',
  );
  expect((await installation.ssh(address, 'laborant', 'cat note')).stdout).toBe('kept\n');
  expect(await installation.destroy(playground.id)).toMatchObject({ status: 'succeeded' });
  expect(await installation.leftovers()).toEqual([]);
});
