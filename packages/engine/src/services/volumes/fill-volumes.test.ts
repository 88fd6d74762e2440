import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { packFolder } from '../../layers/folder-archive.ts';
import { LayerStore } from '../../layers/layer-store.ts';
import { quietVoice } from '../../operations/step.ts';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { SnapshotStore } from '../../snapshots/snapshot-store.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { sampleSnapshot } from '../../testing/sample-snapshot.ts';
import type { ServicesContext } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { rolloutWays } from '../services-steps.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { fillVolumes } from './fill-volumes.ts';

const at = 'a'.repeat(24);
const { signal } = new AbortController();

/** A running playground at a snapshot in which its volume `data` has `precious`, and a Docker that has the volumes that are given. */
async function open({ there = false, snapshot = true, reachable = true }) {
  const root = await temporaryDirectory();
  const [layers, snapshots] = [new LayerStore(`${root}/layers`), new SnapshotStore(`${root}/snapshots`)];
  const records = new ServicesRecords(`${root}/services`);
  for (const store of [layers, snapshots, records]) await store.load();
  const version = (({ order, parts, secrets }) => ({ order, parts, secrets }))(sampleRecord());
  const { id } = version.order;
  await records.save(sampleRecord({ snapshotId: at, next: { version, former: {} } }));
  const labels = `{ playhouse.playground: ${id} }`;
  const text = `services: {}\nvolumes: { data: { name: v, labels: ${labels} }, more: { name: m, labels: ${labels} } }\n`;
  await writeFile(records.files(id).nextCompose, text);
  await mkdir(`${root}/kept`);
  await writeFile(`${root}/kept/precious`, 'mine');
  await packFolder(`${root}/kept`, `${root}/archive`, { signal });
  await layers.adopt(`${root}/archive`, 'layer', 'volume');
  const services = { ...version, volumes: [{ name: 'data', layer: 'layer' }], checkouts: null };
  if (snapshot) await snapshots.save(sampleSnapshot(at, { machines: [], services }));
  const folder = `${root}/volume`;
  await mkdir(folder);
  const made: string[] = [];
  const Volumes = [
    { Driver: 'local', Name: 'v', Mountpoint: folder, Labels: { 'com.docker.compose.volume': 'data' } },
  ];
  const docker = {
    api: { ask: async () => ({ Volumes: there ? Volumes : [] }) },
    run: async (words: readonly string[]) => {
      if (words[1] === 'create') made.push(words.at(-1) ?? '');
      return { exitCode: 0, stderr: '', stdout: `${folder}\n${id}\n\n` };
    },
  };
  const ensureLocal = async () => {
    if (!reachable) throw new PlayhouseError('snapshot-incomplete', { snapshot: at, detail: 'gone' });
  };
  const said: string[] = [];
  const context = {
    ...{ id, rollout: true, healing: true },
    tools: { layers, snapshots, records, vaultKeeper: { ensureLocal }, docker: async () => docker },
  } as unknown as ServicesContext;
  const heal = async () =>
    await fillVolumes.run(
      context,
      quietVoice((line) => said.push(line), signal),
    );
  return { folder, made, said, records, id, heal };
}

test('a heal fills a volume that is gone from the newest snapshot, and says from when that is', async () => {
  const { folder, heal, said, records, id } = await open({});
  await heal();
  expect(await readFile(`${folder}/precious`, 'utf8')).toBe('mine');
  expect(said).toEqual([
    'more: it is gone, and no snapshot has it: it begins empty',
    `data: it was gone, and is as it was in snapshot ${at} of 2026-01-01T00:00:00Z`,
  ]);
  expect(records.find(id)?.filling).toEqual([]);
});

test('a volume that is there is left as it is', async () => {
  const { folder, heal, made } = await open({ there: true });
  await writeFile(`${folder}/precious`, 'newer');
  await heal();
  expect(await readFile(`${folder}/precious`, 'utf8')).toBe('newer');
  expect(made).toEqual([]);
});

test('nothing is made, nor healed, when what was kept cannot be had', async () => {
  const one = await open({ reachable: false });
  await expect(one.heal()).rejects.toMatchObject({ code: 'snapshot-incomplete' });
  const other = await open({ snapshot: false });
  await expect(other.heal()).rejects.toMatchObject({ code: 'snapshot-incomplete' });
  expect([...one.made, ...other.made]).toEqual([]);
});

test('whatever brings containers about fills volumes before', () => {
  for (const steps of Object.values(rolloutWays)) {
    const labels = steps.map(({ label }) => label);
    expect(labels.at(-1)).toMatch(/^(Rolling out|Starting containers)$/);
    expect(labels.slice(0, -1)).toContain('Filling volumes');
  }
});
