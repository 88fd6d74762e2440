// Removes what belongs to this installation but to no playground: the leavings of crashes that no journal covers. Proof of
// ownership is the installation’s name in netns, interface and cgroup names and its folder in a process’s command line;
// whatever lacks it is not ours and is never touched.
import { findQemuProcesses } from '../machines/qemu/find-processes.ts';
import { killAndWait, type ProcessIdentity } from '../system/process-identity.ts';
import { namesIn, removeTree } from '../system/durable-file.ts';
import { planPlayground } from './playground-plan.ts';
import type { PlayroomTools } from './playroom-tools.ts';

/** Cleans up once; gives a line for each thing that was removed. No operation may run meanwhile. */
export async function sweep(tools: PlayroomTools): Promise<readonly string[]> {
  const removed: string[] = [];
  const plans = tools.records
    .all()
    .map((record) => ({ record, plan: planPlayground(record, tools.settings) }));
  const { sick } = tools.records;
  const ids = new Set([...plans.map(({ record }) => record.order.id), ...sick.keys()]);
  const wired = new Set(plans.map(({ plan }) => plan.network.name));

  for (const { process, owner } of ownMachineProcesses(tools.paths.run)) {
    if (ids.has(owner)) continue;
    await killAndWait(process);
    removed.push(`process ${process.pid} of ${owner}`);
  }
  const { netns, links, resolvers } = await tools.networks.list();
  for (const name of new Set([...netns, ...links, ...resolvers])) {
    // A record that cannot be read does not say which network is its own: then none is taken for a stray.
    if (wired.has(name) || sick.size > 0) continue;
    await tools.networks.unwire(name);
    removed.push(`network ${name}`);
  }
  for (const group of await tools.cgroups.list()) {
    if (ids.has(group)) continue;
    await tools.cgroups.remove(group);
    removed.push(`cgroup ${group}`);
  }
  const isOurs = (name: string) => ids.has(name.slice(0, 24));
  for (const folder of [tools.paths.playgrounds, tools.paths.run]) {
    for (const name of await namesIn(folder)) {
      if (!/^[0-9a-f]{24}/.test(name) || isOurs(name)) continue;
      await removeTree(`${folder}/${name}`);
      removed.push(`${folder}/${name}`);
    }
  }
  return removed;
}

/** Removes all that carries a playground’s id, when its record cannot say what that is. Gives a line for each thing. */
export async function removeByTag(tools: PlayroomTools, id: string): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { process, owner } of ownMachineProcesses(tools.paths.run)) {
    if (owner !== id) continue;
    await killAndWait(process);
    removed.push(`process ${process.pid}`);
  }
  for (const name of await tools.networks.ownedBy(id)) {
    await tools.networks.unwire(name);
    removed.push(`network ${name}`);
  }
  await tools.cgroups.remove(id);
  for (const name of await namesIn(tools.paths.run)) {
    if (name.startsWith(id)) await removeTree(`${tools.paths.run}/${name}`);
  }
  await removeTree(tools.paths.playground(id));
  return [...removed, tools.paths.playground(id)];
}

/** Living QEMU processes whose pid file is in our run folder, with the playground each is for. */
function ownMachineProcesses(
  run: string,
): readonly { readonly process: ProcessIdentity; readonly owner: string }[] {
  return findQemuProcesses().flatMap(({ process, pidFile }) =>
    pidFile?.startsWith(`${run}/`)
      ? [{ process, owner: pidFile.slice(run.length + 1, run.length + 25) }]
      : [],
  );
}
