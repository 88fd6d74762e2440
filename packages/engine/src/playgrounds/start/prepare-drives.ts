import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import pLimit from 'p-limit';
import { configDrive } from '../../guest/config-drive.ts';
import { makeBlankDrive } from '../../layers/blank-drive.ts';
import { createOverlay, virtualSize } from '../../layers/qemu-img.ts';
import type { Step, StepVoice } from '../../operations/step.ts';
import { crashPoint } from '../../system/crash-point.ts';
import { isDiskFull, makePrivateDirectory, namesIn, removeTree } from '../../system/durable-file.ts';
import { isAlive } from '../../system/process-identity.ts';
import type { SshKeyPair } from '../../guest/machine-config.ts';
import { makeSshKeyPair } from '../../guest/ssh-key-pair.ts';
import { knownHostsOf, machineConfig, machineFiles } from '../machine-specification.ts';
import type { PlannedDrive, PlannedMachine } from '../playground-plan.ts';
import { type DriveRecord, type MachineRecord, noDrive } from '../playground-record.ts';
import { renewOverlays } from './renew-overlays.ts';
import { machinesOf, planOf, recordOf, type StartContext, withdrawnKeys } from './start-context.ts';

/** Makes each machine’s drives and config drive, anew each time until the playground was running once. */
export const prepareDrives: Step<StartContext> = {
  label: 'Preparing drives',
  run: async (context, voice) => {
    const work = recordOf(context).established ? takeUpDrives(context) : prepareAll(context, voice);
    await work.catch((error: unknown) => {
      throw isDiskFull(error) || /No space left on device/.test(String(error))
        ? new PlayhouseError('disk-full', { path: context.tools.paths.root }, { cause: error })
        : error;
    });
  },
  undo: async (context) => {
    if (recordOf(context).established) return;
    for (const { machine } of machinesOf(context)) {
      await removeDrives(machineFiles(context.tools.paths, context.id, machine).folder);
    }
  },
};

/** Gives a machine that began as a copy its own configuration. What was written stays as it is. */
async function takeUpDrives(context: StartContext): Promise<void> {
  const machines = machinesOf(context);
  for (const { machine } of machines)
    await makePrivateDirectory(machineFiles(context.tools.paths, context.id, machine).folder);
  await Promise.all([
    machines.some(({ record }) => record.hostKey === null) ? configure(context, 'copies') : null,
    ...machines.map(async ({ machine, record }) => {
      if (!record.process || !isAlive(record.process)) await renewOverlays(context, machine, record);
    }),
  ]);
}

/** Empties a machine’s folder but for the console logs: they say why a start failed. Destroying takes them too. */
async function removeDrives(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!name.startsWith('console-')) await removeTree(`${folder}/${name}`);
  }
}

async function prepareAll(context: StartContext, voice: StepVoice): Promise<void> {
  const machines = machinesOf(context);
  // A machine can have two dozen drives: as many are made at a time as there are processors.
  const limit = pLimit(cpus().length);
  for (const { machine, record } of machines) {
    voice.detail(machine.manifest.name);
    await prepare(context, machine, record, async (work) => await limit(work));
  }
  await configure(context, 'new');
}

/** Makes the machines’ host keys and writes their config drives. Copies know already with which key they open each other. */
async function configure(context: StartContext, are: 'copies' | 'new'): Promise<void> {
  const { tools, id } = context;
  const machines = machinesOf(context);
  // Each machine knows all host keys, so these come first. The key that opens the others is kept on config drives only.
  const [identity, keys] = await Promise.all([
    are === 'copies' ? null : makeSshKeyPair('playground'),
    Promise.all(
      machines.map(async ({ machine }) => {
        const { hostKey: file } = machineFiles(tools.paths, id, machine);
        await Promise.all([file, `${file}.pub`].map(removeTree));
        return { machine, key: await makeHostKey(file, machine.manifest.name) };
      }),
    ),
  ]);
  const hostKeys = new Map(keys.map(({ machine, key }) => [machine.manifest.name, key]));
  const knownHosts = knownHostsOf(planOf(context), hostKeys);
  const withdrawn = withdrawnKeys(context);
  await Promise.all(
    keys.map(async ({ machine, key }) => {
      const host = { nameservers: tools.nameservers, key, identity, knownHosts, withdrawnKeys: withdrawn };
      const config = machineConfig(recordOf(context), planOf(context), machine, host);
      const { configDrive: file } = machineFiles(tools.paths, id, machine);
      await writeFile(file, await configDrive(config), { mode: 0o600 });
    }),
  );
  // Said last: a playground whose host keys are known has its configuration.
  const record = recordOf(context);
  const configured = record.machines.map((machine) => {
    const key = hostKeys.get(machine.name);
    return key ? { ...machine, hostKey: withoutComment(key.publicKey) } : machine;
  });
  await tools.records.save({ ...record, machines: configured });
}

/** `ssh-ed25519 AAAA…` */
function withoutComment(publicKey: string): string {
  return publicKey.split(' ').slice(0, 2).join(' ').trim();
}

/** Makes the machine’s drives. */
async function prepare(
  context: StartContext,
  machine: PlannedMachine,
  record: MachineRecord,
  inTurn: (work: () => Promise<DriveRecord>) => Promise<DriveRecord>,
): Promise<void> {
  const { tools, id } = context;
  const files = machineFiles(tools.paths, id, machine);
  await removeDrives(files.folder);
  await makePrivateDirectory(files.folder);
  const making = machine.drives.map(async (drive, index) => {
    const chosen = record.drives[index] ?? noDrive;
    return await inTurn(async () => await makeDrive(files.overlay(drive, 0), drive, chosen));
  });
  // All have ended before a failure is told: whoever cleans up meets no drive that is still being made.
  await Promise.allSettled(making);
  const drives = await Promise.all(making);
  crashPoint('drive/made');
  await tools.records.saveMachine(id, machine.manifest.name, { drives });
}

/** Makes one drive: an overlay on the layer that was chosen, never smaller than that; a blank one where there is none. */
async function makeDrive(path: string, drive: PlannedDrive, chosen: DriveRecord): Promise<DriveRecord> {
  if (drive.source === null) {
    await makeBlankDrive(path, drive);
    return { ...chosen, sizeBytes: drive.sizeBytes };
  }
  if (chosen.layer === null) throw new Error(`no layer was chosen for ${drive.device}`);
  const sizeBytes = Math.max(drive.sizeBytes, await virtualSize(chosen.layer));
  await createOverlay(chosen.layer, path, sizeBytes);
  return { ...chosen, sizeBytes };
}

/** A machine’s host key, kept for as long as the playground is. */
async function makeHostKey(path: string, comment: string): Promise<SshKeyPair> {
  const key = await makeSshKeyPair(comment);
  await Promise.all([
    writeFile(path, key.privateKey, { mode: 0o600 }),
    writeFile(`${path}.pub`, key.publicKey),
  ]);
  return key;
}
