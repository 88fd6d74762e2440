import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Playground } from '@playhouse/contract/playground';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { settingsDirectory } from '../connection/credentials.ts';
import type { Context } from '../program/context.ts';
import { runAttached } from '../system/run-attached.ts';
import { ensureIdentity } from './identity.ts';
import { sshArgv } from './ssh-argv.ts';
import { openTunnel } from './tunnel.ts';

export interface SessionRequest {
  readonly playground: Playground;
  /** Default: the first machine of the manifest. */
  readonly machine: string | undefined;
  /** Default: the machine's default user. */
  readonly user: string | undefined;
  readonly command: readonly string[];
  /** As ssh's -L. Default: none. */
  readonly forward?: string | undefined;
}

/** ssh's own status when it could not connect. */
const sshFailed = 255;

/**
 * Runs the system's ssh against a machine, on this terminal, and resolves with the remote exit status.
 * @throws PlayhouseError machine-unknown, machine-not-running, tunnel-failed, engine-down and others
 */
export async function openSession(context: Context, request: SessionRequest): Promise<number> {
  const { playground, user, command } = request;
  if (playground.kind === 'compose')
    throw new PlayhouseError('ssh-of-services', { playground: playground.name });
  const machine = request.machine ?? playground.machines[0]?.name;
  if (machine === undefined) {
    throw new PlayhouseError('machine-unknown', {
      playground: playground.name,
      machine: '(first)',
      known: 'none yet',
    });
  }
  const [connection, identity] = await Promise.all([
    context.connect(),
    ensureIdentity(settingsDirectory(context.environment)),
  ]);
  const { access } = await connection.client('machine.ssh', {
    parameters: { playground: playground.id, machine },
    body: { publicKey: identity.publicKey, ...(user === undefined ? {} : { user }) },
  });
  const folder = await mkdtemp(join(tmpdir(), 'playhouse-ssh-'));
  const tunnel = await openTunnel(connection, { playground: playground.id, machine, port: access.port });
  try {
    const hostAlias = `${machine}.${playground.name}`;
    const knownHostsFile = join(folder, 'known_hosts');
    await writeFile(knownHostsFile, `${hostAlias} ${access.hostKey.trim()}\n`, { mode: 0o600 });
    const { port } = tunnel;
    const files = { identityFile: identity.file, knownHostsFile };
    const call = { port, ...files, hostAlias, user: access.user, command, forward: request.forward ?? null };
    const status = await runAttached(sshArgv(call));
    const failure = tunnel.failure();
    if (status === sshFailed && failure !== null) throw failure;
    return status;
  } finally {
    tunnel.close();
    await rm(folder, { recursive: true, force: true });
  }
}
