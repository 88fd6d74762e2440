import { expect, test } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import type { DockerApi } from '../docker/docker-api.ts';
import type { ServicesTools } from '../services-context.ts';
import { orphansOf, removeOrphans } from './orphans.ts';
import { neededImages } from './unused-images.ts';

const part = (image: string | null) => ({ branch: 'main', commit: 'c', image });

test('images of what runs and of what a rollout brings about are needed', () => {
  const running = sampleRecord({ parts: { web: part('own/web:1'), db: part(null) } });
  const { order, secrets } = running;
  const rolling = sampleRecord({
    parts: { web: part('own/web:1') },
    next: { version: { order, secrets, parts: { web: part('own/web:2') } }, former: {} },
  });
  expect([...neededImages([running])]).toEqual(['own/web:1']);
  expect([...neededImages([running, rolling])]).toEqual(['own/web:1', 'own/web:2']);
  expect([...neededImages([])]).toEqual([]);
});

test('of a playground that nobody knows the containers go at once, and each volume when its time has come', async () => {
  const labels = { 'playhouse.playground': 'f' };
  const found: Record<string, unknown> = {
    containers: [{ Id: 'box', Labels: labels }],
    networks: [],
    volumes: { Volumes: ['old', 'new'].map((Name) => ({ Name, Labels: labels })) },
  };
  const gone: string[] = [];
  const api = {
    ask: async (path: string) => found[/^\/(\w+)/.exec(path)?.[1] ?? ''],
    remove: async (path: string) => void gone.push(path.replace(/\?.*/, '')),
  } as unknown as DockerApi;
  const records = { find: () => null, sick: new Map() } as unknown as ServicesTools['records'];
  await removeOrphans({ records, installation: 'i' }, api, (volume) => volume === 'old');
  expect(gone).toEqual(['/containers/box', '/volumes/old']);
});

test('orphans are what says that it is of a playground that nobody knows', () => {
  const known = { kind: 'container', name: 'a', playground: 'known' } as const;
  const unknown = { kind: 'volume', name: 'b', playground: 'unknown' } as const;
  const lasting = { kind: 'volume', name: 'c', playground: null } as const;
  expect(orphansOf([known, unknown, lasting], (id) => id === 'known')).toEqual([unknown]);
});
