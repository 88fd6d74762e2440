// `kill -9` of the engine in the middle of a pull: the next engine finishes it, and nothing is left of the first.
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasEnded } from '@playhouse/contract/operation';
import { Installation } from './support/installation.ts';
import { run } from './support/process.ts';
import { type Entry, Registry } from './support/registry.ts';
import { StallingRegistry } from './support/stalling-registry.ts';
import { tinyImage } from './support/tiny-image.ts';
import { until } from './support/until.ts';

const resources = new AsyncDisposableStack();
let installation: Installation;
let registry: Registry;
let tiny: readonly Entry[];

beforeAll(async () => {
  installation = resources.use(await Installation.create({ sources: [] }));
  registry = resources.use(await Registry.start(installation, 5000));
  tiny = await tinyImage();
  await installation.startServer();
  await installation.startEngine();
});
afterAll(async () => await resources.disposeAsync());

const sources = () => `${installation.state}/sources`;

async function beginPull(name: string): Promise<string> {
  const client = await installation.client();
  return (await client('source.pull', { parameters: { name } })).operation.id;
}

/** Kills the engine, which must not have come to an end with the operation, and brings up the next. */
async function killDuring(operation: string): Promise<void> {
  await installation.engine?.kill();
  const client = await installation.client();
  const { status } = (await client('operation.get', { parameters: { operation } })).operation;
  expect(hasEnded(status), 'the kill came too late').toBe(false);
  await until('what the engine had begun to end with it', async () => (await workers()) === '');
  await installation.startEngine();
}

/** Programs that work on the store of sources. */
async function workers(): Promise<string> {
  return (await run(['pgrep', '--full', '--list-full', sources()])).stdout;
}

/** What the store has beside whole layers: the folders of pulls, and blobs that no image is made of. */
async function leftovers(): Promise<readonly string[]> {
  const names = [...(await readdir(sources())), ...(await readdir(`${sources()}/blobs`))];
  return names.filter((name) => name.startsWith('.') || name.startsWith('fetching-'));
}

/** Which sources there are, of those from registries. */
async function images(): Promise<readonly string[]> {
  const client = await installation.client();
  const all = (await client('source.list')).sources;
  return all.filter(({ kind }) => kind === 'image').map(({ name }) => name);
}

test('killed in the middle of a layer that is being fetched, the pull is finished by the next engine', async () => {
  const noise = { name: 'noise', content: randomBytes(2_000_000).toString('latin1') };
  await registry.push('noise:1', [tiny, [noise]]);
  await using proxy = await StallingRegistry.start(installation, 5001, registry.name);
  const name = `oci://${proxy.name}/noise:1`;
  const operation = await beginPull(name);
  await proxy.untilHolding();
  expect(await leftovers()).not.toEqual([]);
  await proxy.letGo();
  await killDuring(operation);
  expect(await installation.ended(operation)).toMatchObject({ status: 'succeeded', error: null });
  expect(await images()).toEqual([name]);
  await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
});

test('killed while layers are being unpacked, the pull is finished by the next engine', async () => {
  const folders = Array.from({ length: 100 }, (_, at): Entry => ({ name: `many-${at}`, type: 'directory' }));
  const files = Array.from({ length: 15_000 }, (_, at): Entry => ({
    name: `many-${at % 100}/${at}`,
    content: `${at}`,
  }));
  const many = [...folders, ...files];
  await registry.push('many:1', [tiny, many]);
  const name = `oci://${registry.name}/many:1`;
  const operation = await beginPull(name);
  const staging = async () => (await leftovers()).find((folder) => folder.startsWith('.pull-'));
  await until('the first files to be unpacked', async () => {
    const root = await readdir(`${sources()}/${await staging()}/root`).catch(() => []);
    return root.some((file) => file.startsWith('many-'));
  });
  const first = await staging();
  await killDuring(operation);
  expect(await installation.ended(operation)).toMatchObject({ status: 'succeeded', error: null });
  expect(await images()).toContain(name);
  expect(await staging()).not.toBe(first);
  await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
});

test('killed again and again at the beginning of a pull, the engine keeps nothing of an image that it gives up', async () => {
  await registry.push('noise:2', [
    tiny,
    [{ name: 'other', content: randomBytes(500_000).toString('latin1') }],
  ]);
  await using proxy = await StallingRegistry.start(installation, 5002, registry.name);
  const operation = await beginPull(`oci://${proxy.name}/noise:2`);
  for (let deaths = 0; deaths < 2; deaths++) {
    await proxy.untilHolding();
    await killDuring(operation);
  }
  const client = await installation.client();
  await client('operation.cancel', { parameters: { operation } });
  expect(await installation.ended(operation)).toMatchObject({ status: 'cancelled' });
  await expect.poll(leftovers, { timeout: 30_000 }).toEqual([]);
  expect(await images()).toHaveLength(2);
});
