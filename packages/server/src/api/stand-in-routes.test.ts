import { readFileSync } from 'node:fs';
import type { Source } from '@playhouse/contract/source';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inventory, manifestWith } from '../testing/fixtures.ts';
import type { TestEngine } from '../testing/test-engine.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const samples = new URL('../../../contract/src/manifest/samples/', import.meta.url);
const sample = (name: string) => readFileSync(new URL(`${name}.yaml.txt`, samples), 'utf8');

let server: TestServer;
let engine: TestEngine;
beforeEach(async () => {
  server = await startTestServer({ limits: { machineMemoryMiB: 256 } });
  const [real] = inventory.sources;
  if (real === undefined) throw new Error('the fixture has a source');
  const standIn: Source = { ...real, name: 'ubuntu-24-04', kind: 'stand-in', instead: 'debian-12' };
  engine = await server.connectEngine();
  engine.send({ type: 'inventory', inventory: { ...inventory, sources: [real, standIn] } });
  await vi.waitFor(async () => {
    if ((await server.call('source.list')).sources?.length !== 2) throw new Error('not told yet');
  });
});
afterEach(() => server.close());

const start = async (manifest: string) =>
  await server.call('playground.start', {
    body: { playspec: 'flexbox', manifest, manifestFile: 'lab.yaml' },
  });

test('the described manifests run unchanged, and each start says what it gets instead', async () => {
  const notes = async (name: string) =>
    (await start(sample(name))).notes?.filter(({ code }) => code === 'manifest-stand-in');
  const note = { file: 'lab.yaml', path: 'playground.machines[0].drives[0].source' };
  expect(await notes('one-machine')).toMatchObject([
    {
      ...note,
      line: 9,
      message: expect.stringMatching(/no `ubuntu-24-04` .* vm-1 gets `debian-12`/) as string,
    },
  ]);
  expect(await notes('custom-playground')).toMatchObject([{ ...note, line: 19 }]);
  const { command } = await engine.next('command');
  // The engine has the last word on what is used in its place.
  expect(JSON.stringify(command)).toContain('"source":"ubuntu-24-04"');
});

test('a real source is not remarked on', async () => {
  const { notes } = await start(manifestWith({}));
  expect(notes?.map(({ code }) => code)).not.toContain('manifest-stand-in');
});

test('a playspec may name what is stood in for, and says so', async () => {
  const created = await server.call('playspec.create', {
    body: { name: 'my-custom', base: 'flexbox', manifest: sample('custom-playground') },
  });
  expect(created.notes?.map(({ code }) => code)).toContain('manifest-stand-in');
});

test('who uses a stand-in uses what stands in', async () => {
  await start(sample('one-machine'));
  for (const name of ['debian-12', 'ubuntu-24-04']) {
    const { source } = await server.call('source.get', { parameters: { name } });
    expect(source?.usedBy, name).toEqual(['pg-1-flexbox']);
  }
  const removal = await server.call('source.remove', { parameters: { name: 'debian-12' } });
  expect(removal).toMatchObject({ status: 409, error: { code: 'source-in-use' } });
});

test('what is only a name is neither baked nor removed', async () => {
  const parameters = { name: 'ubuntu-24-04' };
  const refused = { status: 409, error: { code: 'source-stand-in' } };
  expect(await server.call('source.bake', { parameters })).toMatchObject(refused);
  expect(await server.call('source.remove', { parameters })).toMatchObject(refused);
});
