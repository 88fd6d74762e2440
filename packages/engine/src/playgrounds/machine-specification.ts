// Joins a machine’s plan with paths and kernel files into what a machine driver and the config drive need. Pure.
import type { AgentPlace } from '../guest/agent-pool.ts';
import type { MachineConfig, SshKeyPair } from '../guest/machine-config.ts';
import type { KernelFiles } from '../kernels/kernel-store.ts';
import type { MachineDrive, MachineMemory, MachineSpec } from '../machines/machine-driver.ts';
import { enterNetns } from '../networks/ip-commands.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import type { PlannedDrive, PlannedMachine, PlaygroundPlan } from './playground-plan.ts';
import type { DriveRecord, MachineRecord, PlaygroundRecord } from './playground-record.ts';

/** What the C library reads of a resolv.conf. */
const mostNameservers = 3;

/** Files and sockets of one machine. */
export function machineFiles(paths: EnginePaths, playgroundId: string, { manifest, index }: PlannedMachine) {
  const folder = paths.machine(playgroundId, manifest.name);
  const run = paths.machineRun(playgroundId, index);
  return {
    id: `${playgroundId}/${index}`,
    folder,
    overlay: ({ serial }: Pick<PlannedDrive, 'serial'>, number: number) =>
      `${folder}/${serial}${number === 0 ? '' : `-${number}`}.qcow2`,
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

/** How to run the machine; `record` says which layers it lies on and which boot this is. */
export function machineSpecification(
  paths: EnginePaths,
  playgroundId: string,
  plan: PlaygroundPlan,
  machine: PlannedMachine,
  record: MachineRecord,
  kernel: KernelFiles,
  commandLine: string,
  memory: MachineMemory | null = null,
): MachineSpec {
  const files = machineFiles(paths, playgroundId, machine);
  const platformDrive = (serial: string, path: string) =>
    ({ serial, readOnly: true, chain: [{ path, format: 'raw' }] }) as const;
  return {
    id: files.id,
    name: machine.manifest.name,
    type: machine.type,
    cpuCount: machine.manifest.resources.cpuCount,
    ramBytes: machine.manifest.resources.ramSize,
    kernel: { image: kernel.image, initramfs: kernel.initramfs, commandLine },
    drives: [
      ...machine.drives.map((drive, index) => ({
        serial: drive.serial,
        readOnly: drive.readOnly,
        chain: chainFiles(
          paths,
          files.overlay(drive, record.drives[index]?.overlay ?? 0),
          record.drives[index],
        ),
      })),
      platformDrive('config', files.configDrive),
      platformDrive('modules', kernel.modules),
    ],
    interfaces: machine.interfaces.map(({ tap, mac }) => ({ tap, mac })),
    memory,
    enterNetwork: enterNetns(plan.network.name),
    consoleLog: files.consoleLog(record.boots),
    processLog: files.processLog,
    agentSocket: files.agentSocket,
    controlSocket: files.controlSocket,
    pidFile: files.pidFile,
  };
}

/** The files of a drive, topmost first. */
function chainFiles(
  paths: EnginePaths,
  overlay: string,
  drive: DriveRecord | undefined,
): MachineDrive['chain'] {
  const layers = (drive?.layers ?? []).toReversed().map((id) => `${paths.layers}/${id}.qcow2`);
  const files = [overlay, ...layers, drive?.layer ?? []].flat();
  return files.map((path) => ({ path, format: 'qcow2' }));
}

/** What of the machine’s configuration is not in its plan. */
export interface HostConfig {
  readonly nameservers: readonly string[];
  readonly key: SshKeyPair;
  /** The key with which machines open each other; null leaves the one they have. */
  readonly identity: SshKeyPair | null;
  readonly knownHosts: readonly string[];
  /** Who may not log in any more. */
  readonly withdrawnKeys: readonly string[];
}

/** What the machine is told about itself. */
export function machineConfig(
  { order, startupId, machines }: PlaygroundRecord,
  plan: PlaygroundPlan,
  machine: PlannedMachine,
  host: HostConfig,
): MachineConfig {
  const { manifest, interfaces, drives } = machine;
  const opener = host.identity ? [host.identity.publicKey] : [];
  return {
    hostname: manifest.name,
    hosts: hostsFile(plan, machine),
    nameservers: nameserversOf(machine, host.nameservers),
    interfaces: interfaces.map((card) => ({
      name: card.device,
      mac: card.mac,
      address: `${card.address}/${card.prefix}`,
      gateway: card.defaultRoute ? (card.gateway ?? null) : null,
    })),
    users: loginUsers(manifest.users).map(({ name, welcome }) => ({
      name,
      authorizedKeys: manifest.noSSH ? [] : [...order.authorizedKeys, ...opener],
      withdrawnKeys: host.withdrawnKeys,
      identity: manifest.noSSH ? null : host.identity,
      welcome: welcome === '-' ? '' : (welcome ?? null),
    })),
    sshHostKey: host.key,
    knownHosts: host.knownHosts,
    startupFiles: manifest.startupFiles.map((file) => ({ ...file, mode: Number.parseInt(file.mode, 8) })),
    machineId: machines[machine.index]?.machineId ?? null,
    startupId: startupId ?? order.id,
    drives: drives.flatMap(({ serial, device, mount, filesystem, readOnly }) =>
      mount === null || mount === '/' || filesystem === null
        ? []
        : [{ serial, device, mount, filesystem, readOnly }],
    ),
  };
}

/** A line for each machine with all its names and addresses, so that machines trust each other at first sight. */
export function knownHostsOf(plan: PlaygroundPlan, keys: ReadonlyMap<string, SshKeyPair>): readonly string[] {
  return plan.machines.flatMap(({ manifest: { name }, interfaces }) => {
    const [type = '', value = ''] = keys.get(name)?.publicKey.split(' ') ?? [];
    const names = [name, ...interfaces.flatMap(({ network, address }) => [`${name}.${network}`, address])];
    return value === '' ? [] : [`${names.join(',')} ${type} ${value.trim()}`];
  });
}

/** The manifest’s users and root, who can always log in. */
export function loginUsers(
  users: PlannedMachine['manifest']['users'],
): readonly { name: string; welcome?: string | undefined }[] {
  return users.some(({ name }) => name === 'root') ? users : [...users, { name: 'root' }];
}

/**
 * The resolver of its first network with a way out. A machine that has none asks that of its own network, which knows the
 * playground’s names only; for others it tries the host’s name servers, as soon as some other machine routes it there.
 */
function nameserversOf({ interfaces }: PlannedMachine, upstream: readonly string[]): readonly string[] {
  const [first] = interfaces;
  const open = interfaces.find(({ defaultRoute }) => defaultRoute);
  if (open) return [open.networkGateway];
  return first ? [first.networkGateway, ...upstream].slice(0, mostNameservers) : upstream;
}

/** A machine’s name means its address on a network that it shares with this one, else its first. */
function hostsFile(plan: PlaygroundPlan, { interfaces: own }: PlannedMachine): string {
  const shared = new Set(own.map(({ network }) => network));
  const lines = plan.machines.flatMap(({ manifest, interfaces }) => {
    const near = Math.max(
      0,
      interfaces.findIndex(({ network }) => shared.has(network)),
    );
    return interfaces.map(({ address, network }, index) =>
      [address, ...(index === near ? [manifest.name] : []), `${manifest.name}.${network}`].join(' '),
    );
  });
  return ['127.0.0.1 localhost', ...lines, '::1 localhost ip6-localhost', ''].join('\n');
}
