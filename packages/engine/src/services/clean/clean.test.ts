import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { ServicesTools } from '../services-context.ts';
import { KeptVolumes } from './kept-volumes.ts';
import { removeOrphans } from './orphans.ts';
import { neededImages } from './unused-images.ts';

const part = (image: string | null) => ({ branch: 'main', commit: 'c', image });

test('images of what runs, of what a rollout brings about and of what was built ahead of one are needed', () => {
  const running = sampleRecord({ parts: { web: part('own/web:1'), db: part(null) } });
  const { order, secrets } = running;
  const rolling = sampleRecord({
    parts: { web: part('own/web:1') },
    next: { version: { order, secrets, parts: { web: part('own/web:2') } }, former: {} },
  });
  expect([...neededImages([running])]).toEqual(['own/web:1']);
  expect([...neededImages([running, rolling])]).toEqual(['own/web:1', 'own/web:2']);
  const built = { commit: 'd', order: 'o', image: 'own/web:3', detail: null };
  const ahead = sampleRecord({ nextImages: { web: built, api: { ...built, image: null } } });
  expect([...neededImages([running, ahead])]).toEqual(['own/web:1', 'own/web:3']);
  expect([...neededImages([])]).toEqual([]);
});

const labels = { 'playhouse.playground': 'f' };
const anonymous = 'a'.repeat(64);

/** A Docker that has what is given, with one clean-up after the other. */
function docker(volumes: readonly { readonly Name: string; readonly Labels?: object }[]) {
  const plain = { Driver: 'local', Mountpoint: '/there', Options: null };
  const there = new Map(volumes.map((volume) => [volume.Name, { ...plain, ...volume }]));
  const Mounts = [{ Type: 'bind' }, ...volumes.map(({ Name }) => ({ Type: 'volume', Name }))];
  const found: Record<string, unknown[]> = {
    containers: [{ Id: 'box', Labels: labels, Mounts }],
    networks: [{ Id: 'net', Labels: labels }],
  };
  const asked: string[] = [];
  const api = {
    ask: async (path: string) => {
      const [, kind = '', name] = /^\/(\w+)(?:\/(\w+))?/.exec(path) ?? [];
      if (kind !== 'volumes') return found[kind];
      if (name !== undefined) return there.get(name) ?? null;
      return { Volumes: [...there.values()].filter(({ Labels }) => Labels === labels) };
    },
    remove: async (path: string) => {
      asked.push(path);
      const [, kind = '', name = ''] = /^\/(\w+)\/(\w+)/.exec(path) ?? [];
      if (kind === 'volumes') there.delete(name);
      else found[kind] = [];
    },
  } as unknown as DockerApi;
  return { api, asked };
}

async function keep(keepMs: number) {
  const folder = await mkdtemp(`${tmpdir()}/kept-volumes-`);
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const clock = { ms: 0 };
  const options = { file: `${folder}/kept.json`, keepMs, now: () => clock.ms, log: () => {} };
  return { kept: () => new KeptVolumes(options), clock };
}

const known = new Set<string>();
const records = {
  find: (id: string) => (known.has(id) ? {} : null),
  sick: new Map(),
} as unknown as ServicesTools['records'];
const tools = { records, installation: 'i' };

test('of a playground that nobody knows the containers go at once, and all their volumes when their time has come', async () => {
  const { api, asked } = docker([{ Name: 'data', Labels: labels }, { Name: anonymous }, { Name: 'else' }]);
  const { kept, clock } = await keep(1000);
  const engine = kept();
  await removeOrphans(tools, api, engine);
  expect(asked.splice(0)).toEqual(['/containers/box?force=true', '/networks/net']);
  clock.ms += 999;
  await removeOrphans(tools, api, engine);
  expect(asked).toEqual([]);
  clock.ms += 1;
  const { removed } = await removeOrphans(tools, api, engine);
  expect(asked).toEqual(['/volumes/data?force=true', `/volumes/${anonymous}?force=true`]);
  expect(removed).toHaveLength(2);
});

test('anonymous volumes are remembered by the next engine, and stay while their playground is known again', async () => {
  const { api, asked } = docker([{ Name: anonymous, Labels: { 'com.docker.volume.anonymous': '' } }]);
  const { kept, clock } = await keep(1000);
  await removeOrphans(tools, api, kept());
  onTestFinished(() => known.clear());
  asked.splice(0);
  const next = kept();
  const sweepAt = async (ms: number) => {
    clock.ms = ms;
    await removeOrphans(tools, api, next);
    return asked;
  };
  expect(await sweepAt(900)).toEqual([]);
  known.add('f');
  expect(await sweepAt(5000)).toEqual([]);
  known.clear();
  expect(await sweepAt(5900)).toEqual([]);
  expect(await sweepAt(6900)).toEqual([`/volumes/${anonymous}?force=true`]);
});

test('where nothing is to be kept, volumes go with their containers', async () => {
  const { api, asked } = docker([{ Name: anonymous }]);
  await removeOrphans(tools, api, (await keep(0)).kept());
  expect(asked).toEqual(['/containers/box?force=true', '/networks/net', `/volumes/${anonymous}?force=true`]);
});

test('orphans are what says that it is of a playground that nobody knows', async () => {
  const lasting = { 'playhouse.playspec': 'p' };
  const { api, asked } = docker([
    { Name: 'lasting', Labels: lasting },
    { Name: 'data', Labels: labels },
  ]);
  const { kept } = await keep(0);
  onTestFinished(() => known.clear());
  known.add('f');
  await removeOrphans(tools, api, kept());
  expect(asked).toEqual([]);
  known.clear();
  await removeOrphans(tools, api, kept());
  expect(asked).toContain('/volumes/data?force=true');
  expect(asked).not.toContain('/volumes/lasting?force=true');
});
