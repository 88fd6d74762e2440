import { expect, test } from 'vitest';
import { Installation } from './support/installation.ts';

const count = 20;
const ramMiB = 256;
const manifest = `
kind: playground
playground:
  machines:
    - name: vm
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: ${ramMiB}MiB }
`;

test(
  `${count} playgrounds started at once all come up; one more over the memory budget is refused at once`,
  async () => {
    await using installation = await Installation.running({ memoryBudgetMiB: count * ramMiB });
    const accepted = await Promise.all(
      Array.from({ length: count }, async () => await installation.start(manifest)),
    );

    const objects = await installation.hostObjects();
    await expect(installation.start(manifest)).rejects.toMatchObject({ code: 'memory-budget' });
    const client = await installation.client();
    expect((await client('playground.list')).playgrounds).toHaveLength(count);
    expect(new Set(objects).size).toBeLessThanOrEqual((await installation.hostObjects()).length);

    const operations = await Promise.all(
      accepted.map(async ({ operation }) => await installation.ended(operation.id, 900_000)),
    );
    expect(operations.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    const { playgrounds } = await client('playground.list');
    const addresses = playgrounds.map(({ machines }) => machines[0]?.edgeAddress ?? '');
    expect(new Set(addresses).size).toBe(count);
    const answers = await Promise.all(
      addresses.map(async (address) => (await installation.ssh(address, 'root', 'hostname')).stdout),
    );
    expect(answers).toEqual(Array.from({ length: count }, () => 'vm\n'));

    await Promise.all(playgrounds.map(async ({ id }) => await installation.destroy(id)));
    expect(await installation.leftovers()).toEqual([]);
  },
  20 * 60_000,
);
