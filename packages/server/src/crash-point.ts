// Places where the server can be made to die as by `kill -9`, so that tests can prove that nothing is lost there. In real
// life PLAYHOUSE_CRASH_POINT is not set and a call does nothing.
import type { Step } from '@playhouse/contract/operation';

/** After the transaction, before the command is sent; after the report is stored, before it is acknowledged; and so on. */
export const serverCrashPoints = [
  'start-committed',
  'retry-committed',
  'destroy-committed',
  'stop-committed',
  'restart-committed',
  'suspend-committed',
  'rollout-committed',
  'fork-committed',
  'save-committed',
  'prewarm-committed',
  'prewarm-step-committed',
  'spare-step-committed',
  'machine-committed',
  'source-committed',
  'kernel-add-committed',
  'kernel-remove-committed',
  'cancel-committed',
  'command-sent',
  'command-accepted',
  'operation-report-stored',
  'playground-report-stored',
] as const;

export type ServerCrashPoint = (typeof serverCrashPoints)[number];

/** Dies here when the environment says so. */
export function crashPoint(name: ServerCrashPoint): void {
  if (process.env['PLAYHOUSE_CRASH_POINT'] === name) process.kill(process.pid, 'SIGKILL');
}

/**
 * Dies here, before a report is stored, when the environment names a step that it is the first to tell has begun, as
 * `{operation kind}/{step label}/reported`.
 */
export function crashAtStep(kind: string, steps: readonly Step[]): void {
  const point = process.env['PLAYHOUSE_CRASH_POINT'];
  if (point === undefined) return;
  const dies = steps.some(
    ({ label, status }) => status !== 'pending' && point === `${kind}/${label}/reported`,
  );
  if (dies) process.kill(process.pid, 'SIGKILL');
}
