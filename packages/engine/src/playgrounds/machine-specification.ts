// Joins a machine’s plan with paths and kernel files into what a machine driver and the config drive need. Pure.
import type { AgentPlace } from '../guest/agent-pool.ts';
import type { MachineConfig } from '../guest/machine-config.ts';
import type { KernelFiles } from '../kernels/kernel-store.ts';
import type { MachineSpec } from '../machines/machine-driver.ts';
import { enterNetns } from '../networks/networks.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import type { PlannedMachine, PlaygroundPlan } from './playground-plan.ts';
import type { MachineRecord, PlaygroundRecord } from './playground-record.ts';

/** Files and sockets of one machine. */
export function machineFiles(paths: EnginePaths, playgroundId: string, { manifest, index }: PlannedMachine) {
  const folder = paths.machine(playgroundId, manifest.name);
  const run = paths.machineRun(playgroundId, index);
  return {
    id: `${playgroundId}/${index}`,
    folder,
    overlay: `${folder}/root.qcow2`,
    configDrive: `${folder}/config.tar`,
    hostKey: `${folder}/ssh_host_ed25519_key`,
    processLog: `${folder}/qemu.log`,
    consoleLog: (boot: number) => `${folder}/console-${boot}.log`,
    controlSocket: `${run}.qmp`,
    agentSocket: `${run}.agent`,
    pidFile: `${run}.pid`,
  } as const;
}

/** Where the machine’s guest agent is. */
export function agentPlace(paths: EnginePaths, playgroundId: string, machine: PlannedMachine): AgentPlace {
  const { agentSocket } = machineFiles(paths, playgroundId, machine);
  return { socket: agentSocket, machine: machine.manifest.name, playground: playgroundId };
}

/** How to run the machine; `record` says which layer it lies on and which boot this is. */
export function machineSpecification(
  paths: EnginePaths,
  playgroundId: string,
  plan: PlaygroundPlan,
  machine: PlannedMachine,
  record: MachineRecord,
  kernel: KernelFiles,
  commandLine: string,
): MachineSpec {
  const files = machineFiles(paths, playgroundId, machine);
  const platformDrive = (serial: string, path: string) =>
    ({ serial, readOnly: true, chain: [{ path, format: 'raw' }] }) as const;
  return {
    id: files.id,
    name: machine.manifest.name,
    cpuCount: machine.manifest.resources.cpuCount,
    ramBytes: machine.manifest.resources.ramSize,
    kernel: { image: kernel.image, initramfs: kernel.initramfs, commandLine },
    drives: [
      {
        serial: 'root',
        readOnly: false,
        chain: [
          { path: files.overlay, format: 'qcow2' },
          { path: record.layer ?? '', format: 'qcow2' },
        ],
      },
      platformDrive('config', files.configDrive),
      platformDrive('modules', kernel.modules),
    ],
    interfaces: machine.interfaces.map(({ tap, mac }) => ({ tap, mac })),
    enterNetwork: enterNetns(plan.network.name),
    consoleLog: files.consoleLog(record.boots),
    processLog: files.processLog,
    agentSocket: files.agentSocket,
    controlSocket: files.controlSocket,
    pidFile: files.pidFile,
  };
}

/** What the machine is told about itself. */
export function machineConfig(
  { order }: PlaygroundRecord,
  plan: PlaygroundPlan,
  { manifest, interfaces }: PlannedMachine,
  host: { readonly nameservers: readonly string[]; readonly key: NonNullable<MachineConfig['sshHostKey']> },
): MachineConfig {
  return {
    hostname: manifest.name,
    hosts: hostsFile(plan),
    nameservers: host.nameservers,
    interfaces: interfaces.map((card) => ({
      name: card.device,
      mac: card.mac,
      address: `${card.address}/${card.prefix}`,
      gateway: card.defaultRoute ? (card.gateway ?? null) : null,
    })),
    users: loginUsers(manifest.users).map(({ name, welcome }) => ({
      name,
      authorizedKeys: manifest.noSSH ? [] : order.authorizedKeys,
      welcome: welcome === '-' ? '' : (welcome ?? null),
    })),
    sshHostKey: host.key,
    startupFiles: manifest.startupFiles.map((file) => ({ ...file, mode: Number.parseInt(file.mode, 8) })),
    machineId: null,
    startupId: order.id,
  };
}

/** The manifest’s users and root, who can always log in. */
function loginUsers(
  users: PlannedMachine['manifest']['users'],
): readonly { name: string; welcome?: string | undefined }[] {
  return users.some(({ name }) => name === 'root') ? users : [...users, { name: 'root' }];
}

function hostsFile(plan: PlaygroundPlan): string {
  const lines = plan.machines.flatMap(({ manifest, interfaces }) =>
    interfaces.map(({ address, network }, index) =>
      [address, ...(index === 0 ? [manifest.name] : []), `${manifest.name}.${network}`].join(' '),
    ),
  );
  return ['127.0.0.1 localhost', ...lines, '::1 localhost ip6-localhost', ''].join('\n');
}
