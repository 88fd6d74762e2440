// Gives a machine that is the copy of another, and runs already, an identity of its own: what would tell it from nobody else.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { IdentityReport } from '@playhouse/contract/snapshot';
import type { GuestAgent } from './guest-agent.ts';
import type { SshKeyPair } from './machine-config.ts';

export interface NewIdentity {
  /** 32 hex digits. */
  readonly machineId: string;
  readonly hostKey: SshKeyPair;
  /** Lines of a known_hosts file: the machines that this one trusts at first sight. */
  readonly knownHosts: readonly string[];
  /** Users of the machine that people log in as. */
  readonly users: readonly string[];
  /** Who may log in as these: lines of authorized_keys. */
  readonly authorizedKeys: readonly string[];
  /** Who could log in to what this is a copy of, and may not here. */
  readonly withdrawnKeys: readonly string[];
}

const hostKeyFile = '/etc/ssh/ssh_host_ed25519_key';
/** Keys of other kinds are the sibling’s: without them sshd does with the new one. A seed that was saved is spent. */
const siblings = [
  ...['rsa', 'ecdsa', 'dsa'].flatMap((kind) => [
    `/etc/ssh/ssh_host_${kind}_key`,
    `/etc/ssh/ssh_host_${kind}_key.pub`,
  ]),
  '/var/lib/systemd/random-seed',
  '/var/lib/urandom/random-seed',
];
/**
 * Where distributions put the program that OpenSSH has run for each connection since 9.8. It gets its host keys from the server’s
 * memory; before, the server ran itself anew, and read them anew.
 */
const sessionPrograms = ['/usr/lib/openssh', '/usr/libexec/openssh', '/usr/lib/ssh', '/usr/libexec'].map(
  (folder) => `${folder}/sshd-session`,
);
const readAgain = '[ ! -s /run/sshd.pid ] || kill -HUP "$(cat /run/sshd.pid)"';
const timeoutMs = 60_000;

export interface Renewal {
  readonly report: Omit<IdentityReport, 'clockSkewMs'>;
  /** The SSH server was told to begin anew: for a moment it refuses connections. */
  readonly sshRestarts: boolean;
}

/**
 * Replaces machine id, host key and known hosts, and has sshd take them up. Clock and random pool are set by whoever starts the
 * machine. What is written here needs no sync, and may be lost halfway: the config drive says the same to the next boot.
 * @throws PlayhouseError identity-not-renewed, guest-agent-refused, guest-agent-silent
 */
export async function renewIdentity(
  agent: GuestAgent,
  machine: string,
  { machineId, hostKey, knownHosts, users, authorizedKeys, withdrawnKeys }: NewIdentity,
): Promise<Renewal> {
  const ended = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);
  const write = async (path: string, content: string, mode = 0o644) =>
    await agent.writeFile({ path, content, mode, inPlace: true });
  // All at once: an emulated machine has just begun, and each time that it is woken costs it more than the work.
  const [keepsKeys] = await Promise.all([
    Promise.all(sessionPrograms.map(async (path) => await agent.exists(path))),
    write('/etc/machine-id', `${machineId}\n`, 0o444),
    write(hostKeyFile, ended(hostKey.privateKey), 0o600),
    write(`${hostKeyFile}.pub`, ended(hostKey.publicKey)),
    write('/etc/ssh/ssh_known_hosts2', knownHosts.map(ended).join('')),
    agent.remove(siblings),
    ...users.map(async (user) => await agent.authorize(user, authorizedKeys, withdrawnKeys)),
  ]);
  const sshRestarts = keepsKeys.includes(true);
  if (sshRestarts) await restartSsh(agent, machine);
  const renewed = ['machine id', 'SSH host key', 'who may log in', 'random seed', 'clock', 'edge address'];
  const shared = [
    'name',
    'addresses',
    'MAC addresses',
    'keys between the machines',
    'whatever programs hold in memory',
  ];
  return { report: { renewed, shared }, sshRestarts };
}

async function restartSsh(agent: GuestAgent, machine: string): Promise<void> {
  const { exitCode, stderr } = await agent.exec({ argv: ['/bin/sh', '-c', readAgain], timeoutMs });
  if (exitCode === 0) return;
  throw new PlayhouseError('identity-not-renewed', {
    machine,
    detail: stderr.trim().slice(0, 300) || `its sshd could not be told: ${exitCode}`,
  });
}
