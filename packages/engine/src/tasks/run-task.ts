// One run of one task inside its machine: what was given to it is put where it belongs, then `failcheck`, `run`, and `hintcheck` when
// it failed.
import { readFileSync } from 'node:fs';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { PlannedTask } from '@playhouse/contract/manifest/select-tasks';
import type { GuestAgent } from '../guest/guest-agent.ts';
import { TailBuffer } from '../guest/tail-buffer.ts';
import { renderScript, type TaskValues } from './render-script.ts';
import type { RunOutcome } from './task-graph.ts';
import { writeDestination } from './write-destination.ts';

export interface TaskRun {
  readonly outcome: RunOutcome;
  /** Ends of what the script printed, 64 KiB of each at most. */
  readonly stdout: string;
  readonly stderr: string;
  /** What `hintcheck`, or the `failcheck` that failed, printed. */
  readonly hint: string | null;
}

/** An input that its task's `destination` does not hold yet. */
export interface UndeliveredInput {
  readonly path: string;
  readonly input: string;
  readonly delivered: () => void;
}

export interface RunSurroundings {
  readonly agent: GuestAgent;
  readonly values: TaskValues;
  readonly undelivered: UndeliveredInput | null;
  /** Gets what is said as it comes, as text. */
  readonly say: (text: string) => void;
  /** Kills what runs. */
  readonly signal: AbortSignal;
}

const keptBytes = 64 * 1024;
const keptHint = 4096;
/** errno of the agent when it runs all the commands that it can. */
const tryAgain = 11;

/**
 * The script comes on standard input, for it may be longer than an argument; it then finds its own input empty. The functions
 * that it may call come as an argument, so that they do not shift its lines in what a shell says of them.
 */
const interpreter = `
begin='eval "$1"; shift; eval "$(cat)"'
if command -v bash >/dev/null 2>&1; then exec bash -c "$begin" "$0" "$1"; fi
exec /bin/sh -c "$begin" "$0" "$1"
`;
const taskFunctions = readFileSync(new URL('task-functions.sh', import.meta.url), 'utf8');

interface ScriptResult {
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Never throws for what happens inside the machine, nor when that is lost; a signal that aborts counts as a loss. */
export async function runTask(task: PlannedTask, surroundings: RunSurroundings): Promise<TaskRun> {
  const { failcheck, run, hintcheck } = task.definition;
  const nothing = { stdout: '', stderr: '', hint: null };
  try {
    const fault = await deliver(task, surroundings);
    if (fault !== null) return fault;
    if (failcheck !== undefined) {
      const check = await runScript(task, failcheck, surroundings);
      if (check.exitCode !== 0) {
        const hint = hintOf(check) ?? 'it said nothing';
        return { ...nothing, outcome: { kind: 'condemned' }, hint };
      }
    }
    const { exitCode, timedOut, stdout, stderr } = await runScript(task, run, surroundings);
    const outcome = { kind: 'ended', exitCode, timedOut } as const;
    if (exitCode === 0 || hintcheck === undefined) return { outcome, stdout, stderr, hint: null };
    return { outcome, stdout, stderr, hint: hintOf(await runScript(task, hintcheck, surroundings)) };
  } catch (error) {
    if (surroundings.signal.aborted) return { ...nothing, outcome: { kind: 'interrupted' } };
    if (!(error instanceof PlayhouseError)) throw error;
    surroundings.say(`== ${error.message}\n`);
    const stays = error.code === 'guest-agent-refused' && errnoOf(error) !== tryAgain;
    return { ...nothing, outcome: { kind: stays ? 'refused' : 'interrupted' }, stderr: error.message };
  }
}

/** The run that could not be because the input could not be written; null when all is where it belongs. */
async function deliver(
  task: PlannedTask,
  { agent, undelivered, say, signal }: RunSurroundings,
): Promise<TaskRun | null> {
  if (undelivered === null) return null;
  const { exitCode, timedOut, stderr } = await writeDestination(agent, task, { ...undelivered, signal });
  if (exitCode === 0) {
    undelivered.delivered();
    return null;
  }
  say(stderr);
  const hint = `the input could not be written to ${undelivered.path}: ${stderr.trim() || 'it said nothing'}`;
  return {
    outcome: { kind: 'ended', exitCode, timedOut },
    stdout: '',
    stderr,
    hint: hint.slice(0, keptHint),
  };
}

async function runScript(
  { name, definition }: PlannedTask,
  script: string,
  { agent, values, say, signal }: RunSurroundings,
): Promise<ScriptResult> {
  const tails = { stdout: new TailBuffer(keptBytes), stderr: new TailBuffer(keptBytes) };
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const { exitCode, timedOut } = await agent.exec({
    argv: ['/bin/sh', '-c', interpreter, name, taskFunctions],
    stdin: renderScript(script, definition.env, values),
    user: definition.user,
    timeoutMs: definition.timeoutSeconds * 1000,
    maxOutputBytes: 0,
    signal,
    onOutput: (stream, bytes) => {
      tails[stream].add(bytes);
      say(decoders[stream].decode(bytes, { stream: true }));
    },
  });
  return { exitCode, timedOut, stdout: tails.stdout.text(), stderr: tails.stderr.text() };
}

function hintOf({ stdout, stderr }: ScriptResult): string | null {
  return (stdout.trim() || stderr.trim()).slice(0, keptHint) || null;
}

function errnoOf({ cause }: PlayhouseError): unknown {
  return typeof cause === 'object' && cause !== null && 'errno' in cause ? cause.errno : undefined;
}
