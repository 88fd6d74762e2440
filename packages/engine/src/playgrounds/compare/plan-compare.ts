// The operation that says what is different between two snapshots.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { Command } from '@playhouse/contract/link/command';
import type { OperationPlan } from '../../operations/operation-queue.ts';
import type { StepVoice } from '../../operations/step.ts';
import { layersOf } from '../../snapshots/snapshot-record.ts';
import { untilMade } from '../../snapshots/until-made.ts';
import { agentPlace } from '../machine-specification.ts';
import { planPlayground } from '../playground-plan.ts';
import type { PlayroomTools } from '../playroom-tools.ts';
import { compareMachines, type Side } from './compare-machines.ts';
import { ComparisonStore } from './comparison-store.ts';
import { listeningCommand, parseListening } from './listening-ports.ts';

const label = 'Comparing drives';
const agentTimeoutMs = 10_000;

type CompareCommand = Extract<Command, { kind: 'snapshot.compare' }>;
type SideOrder = CompareCommand['sides'][number];

/** Compares two snapshots, the second with the first; of playgrounds that run it asks what they listen on. */
export function planCompare(
  { operationId, sides }: CompareCommand,
  tools: PlayroomTools,
  changed: () => Promise<void>,
): OperationPlan {
  return {
    // Appliances take memory that nobody counts: one at a time.
    subject: 'comparisons',
    labels: [label],
    rank: 'work',
    reads: sides.map(({ snapshotId }) => snapshotId),
    run: async (reporter, signal) => {
      const voice = reporter.begin(label, signal);
      const [from, to] = sides;
      const [before, after] = [await open(tools, from, voice), await open(tools, to, voice)];
      // Whoever owns a snapshot may remove it while it is read.
      const needed = [before, after].flatMap(({ snapshot }) => layersOf(snapshot));
      const machines = await tools.layers.hold(
        needed,
        async () => await compareMachines(tools, operationId, before, after, voice),
      );
      await new ComparisonStore(tools.paths.comparisons).save(operationId, {
        from: from.name,
        to: to.name,
        machines,
      });
      // What the diff before this one was cut for is over.
      await changed();
      reporter.finish(label);
    },
  };
}

/** @throws PlayhouseError snapshot-unknown, and what its cut failed with */
async function open(
  tools: PlayroomTools,
  { snapshotId, playgroundId }: SideOrder,
  voice: StepVoice,
): Promise<Side> {
  const snapshot = await untilMade(tools, snapshotId, voice);
  if (snapshot.services !== null) {
    const playground = projectName(snapshot.order);
    throw new PlayhouseError('diff-of-services', { playground });
  }
  const machines = snapshot.machines.map((machine) => ({ ...machine, memory: null }));
  await tools.vaultKeeper.ensureLocal(snapshotId, { machines }, voice);
  return { snapshot, ports: playgroundId === null ? new Map() : await portsOf(tools, playgroundId) };
}

async function portsOf(
  tools: PlayroomTools,
  playgroundId: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const record = tools.records.get(playgroundId);
  if (record === undefined) return new Map();
  const { machines } = planPlayground(record, tools.settings);
  const asked = machines
    .filter(({ index }) => (record.machines[index]?.process ?? null) !== null)
    .map(async (machine) => {
      const place = agentPlace(tools.paths, playgroundId, machine);
      const options = { timeoutMs: agentTimeoutMs, totalMs: agentTimeoutMs };
      const ask = tools.agents.use(
        place,
        options,
        async (agent) => (await agent.exec({ argv: listeningCommand })).stdout,
      );
      // A machine that does not say is one of which nobody knows.
      const said = await ask.catch(() => null);
      return said === null ? [] : [[machine.manifest.name, parseListening(said)] as const];
    });
  return new Map((await Promise.all(asked)).flat());
}
