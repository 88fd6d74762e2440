// What was given to a task becomes a file of its machine: written by the machine, as the task's user, with that user's rights.
import type { PlannedTask } from '@playhouse/contract/manifest/select-tasks';
import type { ExecResult } from '../guest/execution.ts';
import type { GuestAgent } from '../guest/guest-agent.ts';

const timeoutMs = 10_000;

/** $1 is the path, the content comes on standard input. */
const script = `
case $1 in
  '~/'*) path=$HOME/\${1#'~/'} ;;
  *) path=$1 ;;
esac
case $path in
  /*) ;;
  *) path=./$path ;;
esac
mkdir -p "\${path%/*}/" && cat > "$path"
`;

/** Repeating it is harmless: the file is replaced. */
export async function writeDestination(
  agent: Pick<GuestAgent, 'exec'>,
  { name, definition }: PlannedTask,
  { path, input, signal }: { readonly path: string; readonly input: string; readonly signal: AbortSignal },
): Promise<ExecResult> {
  return await agent.exec({
    argv: ['/bin/sh', '-c', script, name, path],
    stdin: input,
    user: definition.user,
    timeoutMs,
    signal,
  });
}
