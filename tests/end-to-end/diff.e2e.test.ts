// What is different between a fork and its origin, looked at by a small machine.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { smallMachine } from './support/small-machine.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;
const well = { status: 'succeeded', error: null };

beforeAll(async () => (installation = resources.use(await Installation.running())));
afterAll(async () => await resources.disposeAsync());

test('two moments of a playground are compared: files, packages, ports', async () => {
  const client = await installation.client();
  const { playground, operation } = await installation.start(smallMachine, 'flexbox');
  expect(await installation.ended(operation.id)).toMatchObject(well);
  const { id } = playground;
  const on = async (command: string) => {
    const address = (await installation.playground(id)).machines[0]?.edgeAddress ?? '';
    const { code, stderr } = await installation.ssh(address, 'root', command);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };
  const parameters = { playground: id };
  await on('echo first > /root/changed; echo gone > /root/gone; sync');
  const kept = await client('playground.snapshot', { parameters, body: { memory: false } });
  expect(await installation.ended(kept.operation.id)).toMatchObject(well);
  await on(
    'echo second, longer > /root/changed; rm /root/gone; echo new > "/root/a new one"; sed -i "0,/^Version: /s//Version: 99/" /var/lib/dpkg/status; sync',
  );

  const asked = await client('playground.diff', { body: { from: kept.operation.id, to: id } });
  expect(await installation.ended(asked.operation.id)).toMatchObject(well);
  const { comparison } = await client('playground.diff-result', {
    parameters: { operation: asked.operation.id },
  });
  const [machine] = comparison.machines;
  const files = machine?.drives.flatMap((drive) => drive.files) ?? [];
  expect(files).toContainEqual({ change: 'changed', path: '/root/changed', sizeBefore: 6, sizeAfter: 15 });
  expect(files).toContainEqual({ change: 'removed', path: '/root/gone', sizeBefore: 5, sizeAfter: null });
  expect(files).toContainEqual({ change: 'added', path: '/root/a new one', sizeBefore: null, sizeAfter: 4 });
  expect(files.length).toBeLessThan(200);
  expect(machine?.packages).toEqual([
    {
      name: expect.any(String) as string,
      before: expect.any(String) as string,
      after: expect.stringMatching(/^99/) as string,
    },
  ]);
  expect(machine?.ports.before).toBeNull();
  expect(machine?.ports.after).toContain('tcp 0.0.0.0:22');

  const same = await client('playground.diff', { body: { from: kept.operation.id, to: kept.operation.id } });
  expect(await installation.ended(same.operation.id)).toMatchObject(well);
  const nothing = await client('playground.diff-result', { parameters: { operation: same.operation.id } });
  expect(nothing.comparison.machines).toMatchObject([{ drives: [], packages: [] }]);
  await installation.destroy(id);
  expect(await installation.leftovers()).toEqual([]);
});
