// Named places where a test can make the engine die as if by `kill -9`, to prove that nothing is lost or leaked there.

/**
 * Dies here when PLAYHOUSE_CRASH_POINT names this place, as `{operation kind}/{step label}/{begin|done|failed|undone}`.
 */
export function crashPoint(name: string, environment: NodeJS.ProcessEnv = process.env): void {
  if (environment['PLAYHOUSE_CRASH_POINT'] === name) process.kill(process.pid, 'SIGKILL');
}
