// What the engine reports becomes the state that the API shows. A report carries the whole state of its subject with a
// growing revision, so applying one twice, or late, changes nothing.
import type { OperationReport, PlaygroundReport } from '@playhouse/contract/link/report';
import type { Machine } from '@playhouse/contract/machine';
import { hasEnded } from '@playhouse/contract/operation';
import { holdsResources, type PlaygroundStatus } from '@playhouse/contract/playground-status';
import { hasChanges, type Service } from '@playhouse/contract/service';
import type { Task } from '@playhouse/contract/task';
import type { ControlPlane } from '../control-plane.ts';
import { crashAtStep } from '../crash-point.ts';
import { activeOperations, findOperation, saveOperation, withoutRevision } from '../store/operations.ts';
import {
  findPlayground,
  savePlayground,
  type StoredPlayground,
  toPublicPlayground,
} from '../store/playgrounds.ts';
import { appendNotes } from '../store/playground-notes.ts';
import type { Database } from '../store/schema.ts';
import type { News } from './event-feed.ts';
import { subjectOf } from './accepted.ts';
import { keptNotes } from './kept-notes.ts';
import { nextImageNotes } from './next-image-notes.ts';
import { isRollout, settleRollout } from './rollout-playground.ts';
import { settleCut } from './settle-cut.ts';
import {
  statusAfterOperation,
  statusAfterRefusal,
  statusAfterReport,
  statusWhileRolledOut,
  statusWithChanges,
} from './playground-transition.ts';

/** Stores an operation's report, and what follows from it for its playground. Unknown operations are ignored. */
export async function applyOperationReport(plane: ControlPlane, report: OperationReport): Promise<void> {
  const news = await plane.store.transaction(async (transaction): Promise<News[]> => {
    const found = await findOperation(transaction, report.operationId);
    if (found === null || report.revision <= found.revision || hasEnded(found.status)) return [];
    crashAtStep(found.kind, report.steps);
    const at = plane.now().toISOString();
    const { status, steps, error, revision } = report;
    const endedAt = hasEnded(status) ? at : null;
    const operation = { ...found, status, steps, error, revision, updatedAt: at, endedAt };
    await saveOperation(transaction, operation);
    const published: News[] = [
      { kind: 'operation', operation: withoutRevision(operation) },
      ...(await settleCut(plane, transaction, operation)),
    ];
    if (found.subject.kind !== 'playground') return published;
    const playground = await findPlayground(transaction, found.subject.id);
    // An operation that a newer one has replaced no longer decides about the playground.
    if (playground === null) return published;
    const rolledOut = isRollout(operation.kind) && hasEnded(status);
    const made = rolledOut ? settleRollout(playground, status) : {};
    if (playground.operationId !== operation.id)
      return rolledOut
        ? [...published, await change(transaction, playground, { ...playground, ...made })]
        : published;
    // What runs of services says the engine’s own report of them.
    const machinesRun =
      playground.stack === null && playground.machines.every(({ state }) => state === 'running');
    const next = statusAfterRefusal(
      statusAfterOperation(playground.status, operation.kind, status),
      operation.kind,
      error?.code ?? null,
      machinesRun,
    );
    if (next === playground.status && !rolledOut) return published;
    // Known before the playground’s own report of it comes: a fork right after a suspend is one with memory.
    const suspended = status === 'succeeded' ? operation.kind === 'playground.suspend' : playground.suspended;
    return [
      ...published,
      await change(transaction, playground, { ...made, status: next, suspended, error, updatedAt: at }),
    ];
  });
  plane.feed.publish(...news);
  const followed = news.some((item) => item.kind === 'operation' && item.operation.id !== report.operationId);
  if (followed) plane.engine.nudge();
}

/** Stores a playground's report. While an operation is under way, that one decides about the status. */
export async function applyPlaygroundReport(plane: ControlPlane, report: PlaygroundReport): Promise<void> {
  const news = await plane.store.transaction(async (transaction): Promise<News[]> => {
    const found = await findPlayground(transaction, report.playgroundId);
    if (found === null || report.revision <= found.revision || found.status === 'destroyed') return [];
    // A cut or a rollout changes no status, and what happens meanwhile must not be missed.
    const active = await activeOperations(transaction, subjectOf(found));
    const busy = active.some(({ kind }) => kind !== 'playground.snapshot' && !isRollout(kind));
    const machines = report.machines.length > 0 ? report.machines : found.machines;
    const tasks = report.tasks.length > 0 ? report.tasks : found.tasks;
    const services = report.services.length > 0 ? report.services : found.services;
    const rolling = active.some(({ kind }) => isRollout(kind));
    const reported = (rolling ? statusWhileRolledOut : statusAfterReport)(found.status, report.state);
    // That a destroy has begun which the engine could have refused, only its own report says.
    const undecided = busy && report.state !== 'destroying';
    const status = undecided ? found.status : statusWithChanges(reported, hasChanges(services));
    const { revision, suspended } = report;
    const snapshotId = report.snapshotId ?? found.snapshotId;
    // The operation that failed knows the step; the playground's report of the same error may not.
    const error = report.error?.code === found.error?.code ? found.error : report.error;
    const updatedAt = plane.now().toISOString();
    const notes = [...nextImageNotes(found.services, services), ...keptNotes(found.services, services)];
    await appendNotes(transaction, found.id, notes, updatedAt);
    return [
      ...taskNews(found, tasks),
      await change(transaction, found, {
        status,
        machines,
        tasks,
        services,
        revision,
        suspended,
        snapshotId,
        error: error ?? found.error,
        updatedAt,
      }),
    ];
  });
  plane.feed.publish(...news);
}

/** A message for each task that is not as it was. */
function taskNews({ id, tasks: known }: StoredPlayground, tasks: readonly Task[]): News[] {
  const before = new Map(known.map((task) => [task.name, JSON.stringify(task)]));
  return tasks
    .filter((task) => before.get(task.name) !== JSON.stringify(task))
    .map((task) => ({ kind: 'task', playgroundId: id, task }));
}

type Change = Pick<StoredPlayground, 'status' | 'error' | 'updatedAt'> & Partial<StoredPlayground>;

async function change(database: Database, playground: StoredPlayground, changes: Change): Promise<News> {
  const merged = { ...playground, ...changes };
  const changed: StoredPlayground = {
    ...merged,
    error: merged.status === 'error' ? merged.error : null,
    // A lifetime is a time of running.
    // A job that is over is kept for as long as it might have run.
    expiresAt: holdsResources(merged.status) || merged.status === 'completed' ? merged.expiresAt : null,
    machines: machinesIn(merged.status, merged.machines),
    services: servicesIn(merged.status, merged.services),
  };
  await savePlayground(database, changed);
  return { kind: 'playground', playground: toPublicPlayground(changed) };
}

/** A destroyed playground has no addresses. */
function servicesIn(status: PlaygroundStatus, services: readonly Service[]): Service[] {
  if (status !== 'destroyed') return [...services];
  return services.map((service) => ({ ...service, state: 'stopped', url: null }));
}

/** Nothing of a destroyed playground runs or can be reached; what stopped will be found where it was. */
function machinesIn(status: PlaygroundStatus, machines: readonly Machine[]): Machine[] {
  if (status === 'stopped') return machines.map((machine) => ({ ...machine, state: 'stopped' }));
  if (status !== 'destroyed') return [...machines];
  return machines.map((machine) => ({ ...machine, state: 'stopped', edgeAddress: null }));
}
