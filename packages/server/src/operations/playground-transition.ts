// How what the engine says maps onto the life cycle of a playground. Pure; every step goes through `nextStatus`.
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { OperationKind, OperationStatus } from '@playhouse/contract/operation';
import {
  type PlaygroundEvent,
  type PlaygroundStatus,
  holdsResources,
  nextStatus,
} from '@playhouse/contract/playground-status';

/** The status after an operation on the playground — its latest one — came to `operationStatus`. */
export function statusAfterOperation(
  status: PlaygroundStatus,
  kind: OperationKind,
  operationStatus: OperationStatus,
): PlaygroundStatus {
  if (['playground.start', 'playground.restart', 'playground.rewind'].includes(kind))
    return statusAfterStart(status, operationStatus);
  // What did not come off of a rollout says the engine: what ran before may go on.
  const rollouts: readonly OperationKind[] = ['playground.rollout', 'playground.hard-restart'];
  if (rollouts.includes(kind) && (operationStatus === 'running' || operationStatus === 'succeeded'))
    return statusAfterStart(status, operationStatus);
  if (kind === 'playground.stop' || kind === 'playground.suspend')
    return statusAfterStop(status, operationStatus);
  if (kind === 'playground.destroy' && operationStatus === 'succeeded')
    return walk(status, ['destroy', 'succeed']);
  return status;
}

/**
 * The status after the engine reported `state` while no operation is under way. What the engine finds is the truth about
 * its host: machines that came back make an `error` run again.
 */
export function statusAfterReport(
  status: PlaygroundStatus,
  state: PlaygroundReport['state'],
): PlaygroundStatus {
  if (status === 'destroyed') return status;
  if (state === 'destroyed') return walk(status, ['destroy', 'succeed']);
  if (status === 'destroying' || state === 'destroying') return walk(status, ['destroy']);
  if (state === 'error') return walk(status, ['fail']);
  if (state === 'completed') return walk(status, ['retry', 'begin', 'succeed', 'resolve', 'complete']);
  // Only an operation stops a playground, and it decides itself while it is under way: this is of one that is over.
  if (state === 'stopping') return status;
  if (state === 'stopped') return statusAfterStop(walk(status, ['stop']), 'succeeded');
  // A stop that was asked for and is not over is not undone by what the engine found before it heard of it.
  if (state === 'running' && status !== 'stopping') return walk(status, ['retry', 'begin', 'succeed']);
  return walk(status, ['begin']);
}

/** The same while it is rolled out: without its containers it does not run until the new ones are well. */
export function statusWhileRolledOut(
  status: PlaygroundStatus,
  state: PlaygroundReport['state'],
): PlaygroundStatus {
  const after = statusAfterReport(status, state);
  if (state !== 'starting' || !holdsResources(after)) return after;
  return walk(after, after === 'error' ? ['retry', 'begin'] : ['rewind']);
}

/** The status of one that runs, once it is known whether its branches have what it does not. */
export function statusWithChanges(status: PlaygroundStatus, changes: boolean): PlaygroundStatus {
  return walk(status, [changes ? 'change' : 'resolve']);
}

/**
 * The status of a playground in `error` whose operation was called off before it had changed anything: as it was before. A
 * suspend or rewind that failed leaves the machines running; memory that does not fit is found out before a restart begins.
 */
export function statusAfterRefusal(
  status: PlaygroundStatus,
  kind: OperationKind,
  errorCode: string | null,
  machinesRun: boolean,
): PlaygroundStatus {
  if (status !== 'error') return status;
  if (kind === 'playground.restart' && errorCode === 'memory-unfit')
    return statusAfterReport(status, 'stopped');
  const keeps = kind === 'playground.suspend' || kind === 'playground.rewind';
  return keeps && machinesRun ? statusAfterReport(status, 'running') : status;
}

function statusAfterStop(status: PlaygroundStatus, operationStatus: OperationStatus): PlaygroundStatus {
  if (status !== 'stopping') return status;
  if (operationStatus === 'succeeded') return walk(status, ['succeed']);
  if (operationStatus === 'failed' || operationStatus === 'cancelled') return walk(status, ['fail']);
  return status;
}

function statusAfterStart(status: PlaygroundStatus, operationStatus: OperationStatus): PlaygroundStatus {
  if (status !== 'pending' && status !== 'in_progress') return status;
  if (operationStatus === 'running') return walk(status, ['begin']);
  if (operationStatus === 'succeeded') return walk(status, ['begin', 'succeed']);
  if (operationStatus === 'failed' || operationStatus === 'cancelled') return walk(status, ['fail']);
  return status;
}

/** Takes each event that is legal where it comes up. */
function walk(status: PlaygroundStatus, events: readonly PlaygroundEvent[]): PlaygroundStatus {
  let current = status;
  for (const event of events) current = nextStatus(current, event) ?? current;
  return current;
}
