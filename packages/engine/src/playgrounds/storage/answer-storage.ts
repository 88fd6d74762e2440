// Answers what the server asks about snapshots and layers, and what they cost.
import { stat } from 'node:fs/promises';
import { projectName } from '@playhouse/contract/identifier';
import type { Answer, Question } from '@playhouse/contract/link/question';
import type { Cost, Layer, Snapshot } from '@playhouse/contract/snapshot';
import { blockBytes, bytesOnDisk } from '../../system/bytes-on-disk.ts';
import { folderBytes } from '../../system/folder-bytes.ts';
import { hasMemory, type SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import { resolveDrives } from '@playhouse/contract/manifest/resolve-drives';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import type { PlayroomTools } from '../playroom-tools.ts';
import { ComparisonStore } from '../compare/comparison-store.ts';
import { costs, free } from './costs.ts';
import { layerNeeds, playgroundGroup } from './layer-needs.ts';

/** For the folders of all playgrounds of services together. */
const measureMs = 3000;

type StorageQuestion = Extract<
  Question,
  { kind: 'snapshot.list' | 'layer.list' | 'cost.list' | 'comparison.get' }
>;
type StorageTools = Pick<
  PlayroomTools,
  'records' | 'services' | 'snapshots' | 'layers' | 'sources' | 'paths' | 'vaultKeeper'
>;

export function isStorageQuestion(question: Question): question is StorageQuestion {
  return ['snapshot.list', 'layer.list', 'cost.list', 'comparison.get'].includes(question.kind);
}

export async function answerStorage(tools: StorageTools, question: StorageQuestion): Promise<Answer> {
  const { kind } = question;
  if (kind === 'comparison.get') {
    const comparison = await new ComparisonStore(tools.paths.comparisons).get(question.operationId);
    return { kind, comparison };
  }
  const needs = layerNeeds(tools.records.all(), tools.snapshots.all(), tools.services.all());
  const layers = await listLayers(tools);
  if (kind === 'layer.list') {
    const owners = (key: string) =>
      needs.flatMap(({ owner, layers: needed }) => (needed.has(key) ? [owner] : []));
    return { kind, layers: layers.map(({ key, ...layer }) => ({ ...layer, owners: owners(key) })) };
  }
  const bytes = new Map(layers.map(({ key, bytes: size }) => [key, size]));
  if (kind === 'snapshot.list') {
    const byOwner = costs(needs, bytes, 'owner');
    const snapshots = tools.snapshots
      .all()
      .map((each) => describeSnapshot(each, byOwner.get(each.id) ?? free, tools.vaultKeeper.troubleOf(each)));
    return { kind, snapshots };
  }
  const byGroup = costs(needs, bytes, 'group');
  const playgrounds: Record<string, Cost> = {};
  const add = (id: string, ownBytes: number) => {
    const { uniqueBytes, sharedBytes } = byGroup.get(playgroundGroup(id)) ?? free;
    playgrounds[id] = { uniqueBytes: uniqueBytes + ownBytes, sharedBytes };
  };
  for (const { order } of tools.records.all())
    add(order.id, await bytesOnDisk(tools.paths.playground(order.id)));
  // Working copies may be large: what takes too long is left out.
  const deadline = performance.now() + measureMs;
  for (const { order } of tools.services.all()) {
    const left = Math.floor(deadline - performance.now());
    add(order.id, left <= 0 ? 0 : ((await folderBytes(tools.services.files(order.id).folder, left)) ?? 0));
  }
  const playspecs = [...byGroup].flatMap(([group, cost]) => {
    const [, reference] = /^playspec (.+)$/.exec(group) ?? [];
    return reference === undefined ? [] : [[reference, cost] as const];
  });
  return { kind, playgrounds, playspecs: Object.fromEntries(playspecs) };
}

/** All layers with the key by which they are needed: an id, or the file of a base. */
async function listLayers({ layers, sources, records, snapshots }: StorageTools) {
  const own = layers.all().map(async (record): Promise<Omit<Layer, 'owners'> & { key: string }> => {
    const bytes = await layers.bytes(record);
    const { id, kind, digest, createdAt, offloadedAt, merged } = record;
    const facts = { local: bytes !== null, offloaded: offloadedAt !== null, createdAt };
    const described = bytes === null ? 0 : bytes + (await bytesOnDisk(`${layers.directory}/${id}.json`));
    return { key: id, id, kind, digest, bytes: described, mergedFrom: merged?.layers ?? [], ...facts };
  });
  const chains = [
    ...records.all().flatMap(({ machines }) => machines.flatMap(({ drives }) => drives)),
    ...snapshots.all().flatMap(({ machines }) => machines.flatMap(({ drives }) => drives)),
  ];
  const bases = new Set(chains.flatMap(({ layer }) => layer ?? []));
  const below = [...bases].map(async (file): Promise<Omit<Layer, 'owners'> & { key: string }> => {
    const [source, found] = await Promise.all([sources.describe(file), stat(file).catch(() => null)]);
    const digest = source?.digest ?? null;
    const facts = { local: found !== null, offloaded: false, createdAt: source?.bakedAt ?? null };
    const id = `base-${(digest ?? file).replace('sha256:', '').slice(0, 16)}`;
    return {
      key: file,
      id,
      kind: 'base',
      digest,
      bytes: (found?.blocks ?? 0) * blockBytes,
      mergedFrom: [],
      ...facts,
    };
  });
  return await Promise.all([...own, ...below]);
}

function describeSnapshot(
  record: SnapshotRecord,
  cost: Cost,
  offloadFailure: Snapshot['offloadFailure'],
): Snapshot {
  const { id, order, origin, parentId, savedAs, createdAt, offloadedAt, verifiedAt, verifyFailure } = record;
  const { volumes = [], checkouts } = record.services ?? {};
  const manifests = resolveManifest(order.manifest).machines;
  return {
    ...{ id, origin, parentId, savedAs, createdAt, offloadedAt, verifiedAt, cost },
    ...{ offloadFailure, verifyFailure },
    playgroundId: order.id,
    playgroundName: projectName(order),
    memory: hasMemory(record),
    ...{ volumes, checkouts: checkouts ?? [] },
    machines: record.machines.map(({ name, drives, memory }) => {
      const devices = resolveDrives(manifests.find((each) => each.name === name)?.drives ?? []);
      return {
        name,
        drives: drives.map(({ layers }, index) => ({
          device: devices[index]?.device ?? '',
          layers: [...layers],
        })),
        memory: memory?.layer ?? null,
      };
    }),
  };
}
