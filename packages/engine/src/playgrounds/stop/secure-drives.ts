import { open, readdir } from 'node:fs/promises';
import type { Step } from '../../operations/step.ts';
import { syncDirectory } from '../../system/durable-file.ts';
import { machineFiles } from '../machine-specification.ts';
import { machinesOf } from '../start/start-context.ts';
import type { StopContext } from './shut-down.ts';

/** Has the host write the machines’ drives to its disk: from then on they outlive a power cut of the host. */
export const secureDrives: Step<StopContext> = {
  label: 'Securing drives',
  run: async (context, voice) => {
    for (const { machine } of machinesOf(context)) {
      voice.detail(machine.manifest.name);
      await syncFolder(machineFiles(context.tools.paths, context.id, machine).folder);
    }
  },
};

async function syncFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => null);
  // A playground whose start failed early has no drives yet.
  if (entries === null) return;
  for (const { name } of entries.filter((entry) => entry.isFile())) {
    const file = await open(`${folder}/${name}`, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await syncDirectory(folder);
}
