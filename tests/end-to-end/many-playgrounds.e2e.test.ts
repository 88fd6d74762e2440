import { expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { smallMachine, smallRamMiB } from './support/small-machine.ts';

const count = 20;

test(
  `${count} playgrounds started at once all come up; one more over the memory budget is refused at once`,
  async () => {
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
    expect(await installation.leftovers()).toEqual([]);
  },
  20 * 60_000,
);
