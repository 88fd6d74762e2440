import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../progress/step-list.ts';
import { runOrFail } from '../system/run-command.ts';
import type { ServicePlan } from '../supervisor/plan.ts';
import type { Installation } from './installation.ts';
import { restoreForwarding } from './restore-forwarding.ts';
import { findUser } from './system-user.ts';

/** Everything Playhouse puts into its state directory (docs/on-disk.md), which may hold other things too. */
export const stateEntries: readonly string[] = [
  ...['docker', 'engine', 'first-run-done', 'ingress', 'kernels', 'layers', 'logs', 'playgrounds', 'run'],
  ...['server', 'services', 'snapshots', 'sources', 'vault'],
];

/**
 * Deletes everything the installation has on this host but its packages and configuration; `engine` is how the engine is
 * started. Services and playgrounds MUST be gone before (leftover-playgrounds.ts).
 */
export async function purge(
  { configuration, paths }: Installation,
  engine: ServicePlan,
  report: Report,
): Promise<void> {
  report('firewall and cgroups');
  await runOrFail([...engine.argv, 'release'], { environment: engine.environment });
  report(paths.root);
  await Promise.all(stateEntries.map((name) => rm(join(paths.root, name), { recursive: true, force: true })));
  // What is not ours stays, and then the folder with it.
  await rmdir(paths.root).catch(() => undefined);
  report('IP forwarding');
  const stays = await restoreForwarding();
  for (const name of [configuration.server.user, configuration.engine.machineUser]) {
    report(`user ${name}`);
    if (isOwnUser(name) && (await findUser(name)) !== null) await runOrFail(['userdel', name]);
  }
  report(stays === null ? null : `IP forwarding stays on: ${stays}`);
}

/** A user with another name was there before, or belongs to somebody else. */
function isOwnUser(name: string): boolean {
  return name === 'playhouse' || name === 'playhouse-vm';
}
