import { readdir, readFile, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { configDrive } from '../../guest/config-drive.ts';
import { createOverlay, virtualSize } from '../../layers/qemu-img.ts';
import type { Step } from '../../operations/step.ts';
import { isDiskFull, makePrivateDirectory, removeTree } from '../../system/durable-file.ts';
import { runOrFail } from '../../system/run.ts';
import { machineConfig, machineFiles } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import { machinesOf, planOf, recordOf, type StartContext } from './start-context.ts';

/** Size of a root drive that the manifest leaves open. It costs nothing until it is written. */
const defaultRootBytes = 10 * 1024 ** 3;

/** Makes each machine’s overlay and config drive, anew each time until the playground was running once. */
export const prepareDrives: Step<StartContext> = {
  label: 'Preparing drives',
  run: async (context, voice) => {
    if (recordOf(context).established) return voice.detail('kept as they are');
    for (const { machine, record } of machinesOf(context)) {
      voice.detail(machine.manifest.name);
      await prepare(context, machine, record.layer ?? '').catch((error: unknown) => {
        throw isDiskFull(error) || /No space left on device/.test(String(error))
          ? new PlayhouseError('disk-full', { path: context.tools.paths.root }, { cause: error })
          : error;
      });
    }
  },
  undo: async (context) => {
    if (recordOf(context).established) return;
    for (const { machine } of machinesOf(context)) {
      await removeDrives(machineFiles(context.tools.paths, context.id, machine).folder);
    }
  },
};

/** Empties a machine’s folder but for the console logs: they say why a start failed. Destroying takes them too. */
async function removeDrives(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith('console-')) await removeTree(`${folder}/${name}`);
  }
}

async function prepare(context: StartContext, machine: PlannedMachine, layer: string): Promise<void> {
  const { tools, id } = context;
  const files = machineFiles(tools.paths, id, machine);
  await removeDrives(files.folder);
  await makePrivateDirectory(files.folder);
  const baseBytes = await virtualSize(layer);
  await createOverlay(layer, files.overlay, Math.max(machine.rootBytes ?? defaultRootBytes, baseBytes));
  const key = await makeHostKey(files.hostKey, machine.manifest.name);
  const config = machineConfig(recordOf(context), planOf(context), machine, {
    nameservers: tools.nameservers,
    key,
  });
  await writeFile(files.configDrive, await configDrive(config), { mode: 0o600 });
  const [type = '', value = ''] = key.publicKey.split(' ');
  await tools.records.saveMachine(id, machine.manifest.name, { hostKey: `${type} ${value}`.trim() });
}

async function makeHostKey(path: string, comment: string) {
  await runOrFail(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
  const [privateKey, publicKey] = await Promise.all([
    readFile(path, 'utf8'),
    readFile(`${path}.pub`, 'utf8'),
  ]);
  return { privateKey, publicKey };
}
