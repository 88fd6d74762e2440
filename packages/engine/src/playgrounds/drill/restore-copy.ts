import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { resolveManifest } from '@playhouse/contract/manifest/resolve-manifest';
import type { Step } from '../../operations/step.ts';
import type { SnapshotRecord } from '../../snapshots/snapshot-record.ts';
import { baseName, layerName, type VaultedFile } from '../../snapshots/vault-names.ts';
import { removeTree } from '../../system/durable-file.ts';
import { type DriveRecord, noDrive } from '../playground-record.ts';
import { recordOf, type StartContext } from '../start/start-context.ts';

const machineIdBytes = 16;

/**
 * Restores the drives of a snapshot as new layers, the base among them, and lays the playground’s machines on those: nothing that
 * is here already is used. Memory is read and proven, no more: it would take its own room once again.
 */
export function restoreCopy(snapshot: SnapshotRecord): Step<Pick<StartContext, 'tools' | 'id'>> {
  return {
    label: 'Restoring from the vault',
    run: async (context, voice) => {
      const { layers, records, vaultKeeper, kernelInstaller } = context.tools;
      const { manifest } = recordOf(context).order;
      for (const { kernel } of resolveManifest(manifest).machines)
        await kernelInstaller.ensure(kernel.source, voice);
      const staging = `${layers.directory}/.drill-${context.id}`;
      const copies = new Map(drivesFiles(snapshot).map((name) => [name, layers.newId()]));
      const place = ({ name }: Pick<VaultedFile, 'name'>) => {
        const copy = copies.get(name);
        return copy === undefined ? null : `${staging}/${copy}`;
      };
      try {
        await removeTree(staging);
        await mkdir(staging, { mode: 0o700 });
        await layers.hold([...copies.values()], async () => {
          await vaultKeeper.restoreCopy(snapshot, place, voice);
          for (const copy of copies.values()) await layers.adopt(`${staging}/${copy}`, copy, 'disk');
          const record = recordOf(context);
          const machines = record.machines.map((machine) => {
            const origin = snapshot.machines.find(({ name }) => name === machine.name);
            const drives = (origin?.drives ?? []).map((drive) => copyDrive(drive, copies));
            return { ...machine, drives, machineId: randomBytes(machineIdBytes).toString('hex') };
          });
          const { startupId } = snapshot;
          await records.save({ ...record, machines, startupId, established: true });
        });
      } finally {
        await removeTree(staging);
      }
      voice.detail(`snapshot ${snapshot.id}`);
    },
  };
}

type SnapshotDrive = SnapshotRecord['machines'][number]['drives'][number];

function copyDrive(
  { layer, layers, sizeBytes }: SnapshotDrive,
  copies: ReadonlyMap<string, string>,
): DriveRecord {
  const names = namesOf({ layer, layers });
  return { ...noDrive, sizeBytes, layers: names.flatMap((name) => copies.get(name) ?? []), overlay: null };
}

/** What the vault calls the files of drives, each once. */
function drivesFiles({ machines }: SnapshotRecord): readonly string[] {
  return [...new Set(machines.flatMap(({ drives }) => drives.flatMap(namesOf)))];
}

/** Those of a drive’s files, lowest first. */
function namesOf({ layer, layers }: Pick<SnapshotDrive, 'layer' | 'layers'>): readonly string[] {
  return [...(layer === null ? [] : [baseName(layer)]), ...layers.map(layerName)];
}
