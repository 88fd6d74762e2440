// The config drive: a tar archive written raw to a small read-only block device, which the initramfs unpacks and applies.
// Pure data in, bytes out; the same configuration gives the same bytes. docs/guest-agent.md lists the tree.
import { pack } from 'tar-stream';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { DriveConfig, MachineConfig, StartupFileConfig } from './machine-config.ts';

const SECTOR = 512;
const MAX_ENTRIES = 256;

/**
 * Renders a machine's configuration as the bytes of its config drive, a whole number of sectors.
 * @throws PlayhouseError machine-configuration for what the agent could not tell apart (newlines in names, relative paths).
 */
export async function configDrive(config: MachineConfig): Promise<Buffer> {
  check(config);
  const archive = pack();
  for (const [name, content] of configTree(config))
    archive.entry({ name, mode: 0o600, mtime: new Date(0) }, content);
  archive.finalize();
  const bytes = Buffer.concat(await Array.fromAsync(archive as AsyncIterable<Buffer>));
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & (SECTOR - 1))]);
}

/** The tree inside the archive: path → content. */
export function configTree(config: MachineConfig): ReadonlyMap<string, Buffer> {
  const tree = new Map<string, Buffer>();
  const put = (name: string, content: string | Uint8Array | null | undefined): void => {
    if (content !== null && content !== undefined) tree.set(name, Buffer.from(content));
  };
  put('hostname', `${config.hostname}\n`);
  put('hosts', config.hosts);
  put('resolv.conf', resolvConf(config));
  put('interfaces', config.interfaces.map(interfaceLine).join(''));
  put('machine-id', config.machineId === null ? null : `${config.machineId}\n`);
  put('startup-id', config.startupId === null ? null : `${config.startupId}\n`);
  const drives = config.drives.toSorted((a, b) => (a.mount < b.mount ? -1 : 1));
  put('drives', drives.length === 0 ? null : drives.map(driveLine).join(''));
  put('fstab', drives.length === 0 ? null : fstabLines(drives));
  put('ssh/ssh_host_ed25519_key', config.sshHostKey && ended(config.sshHostKey.privateKey));
  put('ssh/ssh_host_ed25519_key.pub', config.sshHostKey && ended(config.sshHostKey.publicKey));
  if (config.knownHosts.length > 0) put('ssh/ssh_known_hosts2', config.knownHosts.map(ended).join(''));
  for (const user of config.users) {
    put(`users/${user.name}/authorized_keys`, user.authorizedKeys.map(ended).join(''));
    put(`users/${user.name}/withdrawn_keys`, user.withdrawnKeys.map(ended).join(''));
    put(`users/${user.name}/id_ed25519`, user.identity && ended(user.identity.privateKey));
    put(`users/${user.name}/id_ed25519.pub`, user.identity && ended(user.identity.publicKey));
    put(`users/${user.name}/welcome`, user.welcome);
  }
  config.startupFiles.forEach((file, index) => {
    const directory = `files/${String(index).padStart(3, '0')}`;
    put(`${directory}/meta`, fileMeta(file));
    put(`${directory}/content`, file.content);
  });
  return tree;
}

function resolvConf({ nameservers, searchDomains = [] }: MachineConfig): string | null {
  if (nameservers.length === 0) return null;
  const search = searchDomains.length > 0 ? [`search ${searchDomains.join(' ')}`] : [];
  return [...search, ...nameservers.map((address) => `nameserver ${address}`), ''].join('\n');
}

function interfaceLine({ name, mac, address, gateway, mtu }: MachineConfig['interfaces'][number]): string {
  return `${[name, mac.toLowerCase(), address ?? '-', gateway ?? '-', mtu ?? '-'].join(' ')}\n`;
}

/** A path sorts before all that lies in it, so the lines are in the order in which drives can be mounted. */
function driveLine({ serial, mount, filesystem, readOnly }: DriveConfig): string {
  return `${serial} ${mount} ${filesystem} ${readOnly ? 'ro' : 'rw'}\n`;
}

/** `nofail`: what its owner makes of a drive must not keep the machine from booting. */
function fstabLines(drives: readonly DriveConfig[]): string {
  const lines = drives.map(
    ({ device, mount, filesystem, readOnly }) =>
      `${device} ${mount} ${filesystem} ${readOnly ? 'ro' : 'rw'},noatime,nofail 0 0\n`,
  );
  return ['\n# The drives of the manifest. Init mounts them before anything else runs.\n', ...lines].join('');
}

function fileMeta({ path, owner, mode, append }: StartupFileConfig): string {
  return `${path}\n${owner}\n${mode.toString(8)}\n${append ? 1 : 0}\n`;
}

function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

function check(config: MachineConfig): void {
  const refuse = (detail: string): never => {
    throw new PlayhouseError('machine-configuration', { machine: config.hostname, detail });
  };
  for (const { path, owner } of config.startupFiles) {
    if (!path.startsWith('/') || /[\n\0]/.test(path)) refuse(`"${path}" is not an absolute path.`);
    if (!/^[\w.-]+(:[\w.-]+)?$/.test(owner)) refuse(`"${owner}" is not an owner.`);
  }
  for (const { name } of config.users)
    if (!/^\w[\w.-]*\$?$/.test(name)) refuse(`"${name}" is not a user name.`);
  for (const { name, mac, address, gateway } of config.interfaces) {
    if (/\s/.test(`${name}${mac}${address ?? ''}${gateway ?? ''}`))
      refuse(`interface ${name} has a space in it.`);
  }
  for (const { serial, mount, filesystem } of config.drives) {
    const words = [serial, mount, filesystem];
    if (!mount.startsWith('/') || words.some((word) => word === '' || /[\s\\]/.test(word)))
      refuse(`"${mount}" is not a place for a drive.`);
  }
  if (Math.max(config.startupFiles.length, config.users.length) > MAX_ENTRIES)
    refuse('too many users or startup files.');
}
