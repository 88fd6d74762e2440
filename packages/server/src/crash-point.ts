// Places where the server can be made to die as by `kill -9`, so that tests can prove that nothing is lost there. In real
// life PLAYHOUSE_CRASH_POINT is not set and a call does nothing.

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
