import { mkdir } from 'node:fs/promises';
import { unpackFolder } from '../../layers/folder-archive.ts';
import type { StepVoice } from '../../operations/step.ts';
import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import { layerName } from '../../snapshots/vault-names.ts';
import { removeTree } from '../../system/durable-file.ts';
import type { PlayroomTools } from '../playroom-tools.ts';

/**
 * Restores the volumes of a snapshot of services from the vault beside what is here, as a restart would, and removes them again. There
 * is nothing to boot: what containers make of their data is theirs.
 */
export async function drillVolumes(
  { layers, vaultKeeper }: Pick<PlayroomTools, 'layers' | 'vaultKeeper'>,
  snapshot: SnapshotRecord,
  operationId: string,
  voice: Pick<StepVoice, 'signal' | 'detail' | 'progress'>,
): Promise<void> {
  const staging = `${layers.directory}/.drill-${operationId}`;
  try {
    await removeTree(staging);
    await mkdir(staging, { mode: 0o700 });
    await vaultKeeper.restoreCopy(snapshot, ({ name }) => `${staging}/${name}`, voice);
    for (const { name, layer } of snapshot.services?.volumes ?? []) {
      voice.detail(name);
      await unpackFolder(`${staging}/${layerName(layer)}`, `${staging}/volume`, voice);
    }
  } finally {
    await removeTree(staging);
  }
  voice.detail(`snapshot ${snapshot.id}`);
}
