export interface SshCall {
  readonly port: number;
  readonly identityFile: string;
  readonly knownHostsFile: string;
  /** Name under which the machine's host key is looked up. */
  readonly hostAlias: string;
  readonly user: string;
  /** A port of this host that leads to one the machine reaches, as ssh's -L has it; null for none. */
  readonly forward: string | null;
  /** Words of the remote command; none means a login shell. */
  readonly command: readonly string[];
}

/**
 * The argv for the system's ssh. The user's own ssh configuration is left out: a `ProxyCommand` or `Host *` there would
 * lead elsewhere than to the tunnel.
 */
export function sshArgv(call: SshCall): readonly string[] {
  const options = [
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    `HostKeyAlias=${call.hostAlias}`,
    'HostKeyAlgorithms=ssh-ed25519',
    `UserKnownHostsFile=${call.knownHostsFile}`,
    'GlobalKnownHostsFile=/dev/null',
    'StrictHostKeyChecking=yes',
    'PasswordAuthentication=no',
    'ServerAliveInterval=30',
    'LogLevel=ERROR',
  ].flatMap((option) => ['-o', option]);
  // A shell without the port that was asked for would be a trap.
  const forward = call.forward === null ? [] : ['-o', 'ExitOnForwardFailure=yes', '-L', call.forward];
  const target = ['-i', call.identityFile, '-p', String(call.port), '-l', call.user, '127.0.0.1'];
  return ['ssh', '-F', 'none', ...options, ...forward, ...target, ...call.command];
}
