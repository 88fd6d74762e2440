import { readFile } from 'node:fs/promises';
import type { GuestAgent } from '../../guest/guest-agent.ts';
import { renewIdentity } from '../../guest/renew-identity.ts';
import { knownHostsOf, loginUsers, machineFiles } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import { planOf, recordOf, type StartContext, withdrawnKeys } from './start-context.ts';

/**
 * Gives a machine that began as another’s copy what is its own, once, and notes what that was. Others are left alone. Gives
 * whether its SSH server begins anew.
 */
export async function renewCopy(
  context: StartContext,
  machine: PlannedMachine,
  agent: GuestAgent,
): Promise<boolean> {
  const { tools, id } = context;
  const { name } = machine.manifest;
  const record = recordOf(context).machines[machine.index];
  if (!record?.machineId || record.identity) return false;
  const keys = await Promise.all(
    planOf(context).machines.map(async (each) => {
      const { hostKey: file } = machineFiles(tools.paths, id, each);
      const [privateKey, publicKey] = await Promise.all([
        readFile(file, 'utf8'),
        readFile(`${file}.pub`, 'utf8'),
      ]);
      return [each.manifest.name, { privateKey, publicKey }] as const;
    }),
  );
  const hostKey = new Map(keys).get(name);
  if (!hostKey) return false;
  const knownHosts = knownHostsOf(planOf(context), new Map(keys));
  const identity = { machineId: record.machineId, hostKey, knownHosts, ...logins(context, machine) };
  const asked = Date.now();
  const [{ report, sshRestarts }, read] = await Promise.all([
    renewIdentity(agent, name, identity),
    agent.time().then((time) => ({ time, answered: Date.now() })),
  ]);
  const clockSkewMs = skew(Number(read.time) / 1e6, asked, read.answered);
  await tools.records.saveMachine(id, name, { identity: { ...report, clockSkewMs } });
  return sshRestarts;
}

function logins(context: StartContext, { manifest }: PlannedMachine) {
  const { authorizedKeys } = recordOf(context).order;
  const users = manifest.noSSH ? [] : loginUsers(manifest.users).map(({ name }) => name);
  return { users, authorizedKeys, withdrawnKeys: withdrawnKeys(context) };
}

/** What a clock is wrong by for certain, in ms: it was read at some moment between question and answer. */
export function skew(readMs: number, askedMs: number, answeredMs: number): number | null {
  if (!Number.isFinite(readMs)) return null;
  return Math.round(readMs - Math.min(Math.max(readMs, askedMs), answeredMs));
}
