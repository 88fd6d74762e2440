import { expect } from 'vitest';
import { Installation } from './installation.ts';
import { smallMachine, smallRamMiB } from './small-machine.ts';

/** Starts as many playgrounds at once as fit, and one more, which is refused; all are reached, and destroyed. Gives what is left of them. */
export async function startMany(count: number): Promise<readonly string[]> {
  await using installation = await Installation.running({ memoryBudgetMiB: count * smallRamMiB });
  const accepted = await Promise.all(
    Array.from({ length: count }, async () => await installation.start(smallMachine)),
  );

  await expect(installation.start(smallMachine)).rejects.toMatchObject({ code: 'memory-budget' });
  const client = await installation.client();
  expect((await client('playground.list')).playgrounds).toHaveLength(count);

  const operations = await Promise.all(
    accepted.map(async ({ operation }) => await installation.ended(operation.id, 900_000)),
  );
  expect(operations.filter(({ status }) => status !== 'succeeded')).toEqual([]);
  const { playgrounds } = await client('playground.list');
  const known = playgrounds.map(({ id }) => id);
  const folders = (await installation.hostObjects()).filter((name) => /^[0-9a-f]{24}$/.test(name));
  expect(
    folders.filter((id) => !known.includes(id)),
    'nothing of the refused one',
  ).toEqual([]);
  expect(await installation.machineProcesses()).toHaveLength(count);
  const addresses = playgrounds.map(({ machines }) => machines[0]?.edgeAddress ?? '');
  expect(new Set(addresses).size).toBe(count);
  const answers = await Promise.all(
    addresses.map(async (address) => await installation.ssh(address, 'root', 'hostname')),
  );
  expect(answers).toEqual(Array.from({ length: count }, () => ({ code: 0, stdout: 'vm\n', stderr: '' })));

  await Promise.all(playgrounds.map(async ({ id }) => await installation.destroy(id)));
  return await installation.leftovers();
}
