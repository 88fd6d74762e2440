import { readdir, readFile, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { configDrive } from '../../guest/config-drive.ts';
import { createOverlay, virtualSize } from '../../layers/qemu-img.ts';
import type { Step, StepVoice } from '../../operations/step.ts';
import { isDiskFull, makePrivateDirectory, removeTree } from '../../system/durable-file.ts';
import { runOrFail } from '../../system/run.ts';
import type { SshKeyPair } from '../../guest/machine-config.ts';
import { knownHostsOf, machineConfig, machineFiles } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import { machinesOf, planOf, recordOf, type StartContext } from './start-context.ts';

/** Size of a root drive that the manifest leaves open. It costs nothing until it is written. */
const defaultRootBytes = 10 * 1024 ** 3;

/** Makes each machine’s overlay and config drive, anew each time until the playground was running once. */
export const prepareDrives: Step<StartContext> = {
  label: 'Preparing drives',
  run: async (context, voice) => {
    if (recordOf(context).established) return voice.detail('kept as they are');
    await prepareAll(context, voice).catch((error: unknown) => {
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

/** Empties a machine’s folder but for the console logs: they say why a start failed. Destroying takes them too. */
async function removeDrives(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith('console-')) await removeTree(`${folder}/${name}`);
  }
}

async function prepareAll(context: StartContext, voice: StepVoice): Promise<void> {
  const machines = machinesOf(context);
  const hostKeys = new Map<string, SshKeyPair>();
  for (const { machine, record } of machines) {
    const { name } = machine.manifest;
    voice.detail(name);
    hostKeys.set(name, await prepare(context, machine, record.layer ?? ''));
  }
  // Each machine knows all host keys, so these come first. The key that opens the others is kept on config drives only.
  const identity = await makeIdentity(context);
  const knownHosts = knownHostsOf(planOf(context), hostKeys);
  for (const { machine } of machines) {
    const key = hostKeys.get(machine.manifest.name);
    if (key === undefined) continue;
    const { nameservers } = context.tools;
    const host = { nameservers, key, identity, knownHosts };
    const config = machineConfig(recordOf(context), planOf(context), machine, host);
    const { configDrive: file } = machineFiles(context.tools.paths, context.id, machine);
    await writeFile(file, await configDrive(config), { mode: 0o600 });
  }
}

/** Makes the machine’s overlay and its host key. */
async function prepare(context: StartContext, machine: PlannedMachine, layer: string): Promise<SshKeyPair> {
  const { tools, id } = context;
  const files = machineFiles(tools.paths, id, machine);
  await removeDrives(files.folder);
  await makePrivateDirectory(files.folder);
  const baseBytes = await virtualSize(layer);
  await createOverlay(layer, files.overlay, Math.max(machine.rootBytes ?? defaultRootBytes, baseBytes));
  const key = await makeKeyPair(files.hostKey, machine.manifest.name);
  const [type = '', value = ''] = key.publicKey.split(' ');
  await tools.records.saveMachine(id, machine.manifest.name, { hostKey: `${type} ${value}`.trim() });
  return key;
}

async function makeIdentity({ tools, id }: StartContext): Promise<SshKeyPair> {
  const file = `${tools.paths.playground(id)}/identity`;
  const remove = async () => await Promise.all([file, `${file}.pub`].map(removeTree));
  await remove();
  try {
    return await makeKeyPair(file, 'playground');
  } finally {
    await remove();
  }
}

async function makeKeyPair(path: string, comment: string): Promise<SshKeyPair> {
  await runOrFail(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path]);
  const [privateKey, publicKey] = await Promise.all([
    readFile(path, 'utf8'),
    readFile(`${path}.pub`, 'utf8'),
  ]);
  return { privateKey, publicKey };
}
