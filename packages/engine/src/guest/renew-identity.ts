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
}

const hostKeyFile = '/etc/ssh/ssh_host_ed25519_key';
const timeoutMs = 60_000;
/** Keys of other kinds are the sibling’s: without them sshd does with the new one. A seed that was saved is spent. */
const forget = `
rm -f /etc/ssh/ssh_host_rsa_key* /etc/ssh/ssh_host_ecdsa_key* /etc/ssh/ssh_host_dsa_key*
rm -f /var/lib/systemd/random-seed /var/lib/urandom/random-seed
[ ! -s /run/sshd.pid ] || kill -HUP "$(cat /run/sshd.pid)"
cat /etc/machine-id ${hostKeyFile}.pub
`;

/**
 * Replaces machine id, host key and known hosts, and has sshd take them up. What the machine then says of itself must be what it
 * was given. Clock and random pool are set by whoever starts the machine.
 * @throws PlayhouseError identity-not-renewed, guest-agent-silent
 */
export async function renewIdentity(
  agent: GuestAgent,
  machine: string,
  { machineId, hostKey, knownHosts }: NewIdentity,
): Promise<Omit<IdentityReport, 'clockSkewMs'>> {
  const ended = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);
  await agent.writeFile({ path: '/etc/machine-id', content: `${machineId}\n`, mode: 0o444 });
  await agent.writeFile({ path: hostKeyFile, content: ended(hostKey.privateKey), mode: 0o600 });
  await agent.writeFile({ path: `${hostKeyFile}.pub`, content: ended(hostKey.publicKey) });
  await agent.writeFile({ path: '/etc/ssh/ssh_known_hosts2', content: knownHosts.map(ended).join('') });
  const { exitCode, stdout, stderr } = await agent.exec({ argv: ['/bin/sh', '-c', forget], timeoutMs });
  const said = stdout.trim();
  if (exitCode !== 0 || said !== `${machineId}\n${hostKey.publicKey.trim()}`) {
    const detail = stderr.trim().slice(0, 300) || 'it does not say the identity that it was given';
    throw new PlayhouseError('identity-not-renewed', { machine, detail });
  }
  return {
    renewed: ['machine id', 'SSH host key', 'random seed', 'clock', 'edge address'],
    shared: [
      'name',
      'addresses',
      'MAC addresses',
      'keys between the machines',
      'whatever programs hold in memory',
    ],
  };
}
