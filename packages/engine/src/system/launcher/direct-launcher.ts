import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { execa } from 'execa';
import { CappedOutput } from '../capped-output.ts';
import { ProgramLines } from './program-lines.ts';
import {
  defaultGraceMs,
  defaultTimeoutMs,
  type DetachedProcess,
  endedWithout,
  type Launcher,
  mostOutputBytes,
  type RunOptions,
  type RunResult,
  settings,
  tooMuch,
} from './launcher.ts';

/** Starts programs as its own children. */
export const directLauncher: Launcher = { run, startDetached };

async function run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [file = '', ...rest] = argv;
  const timeout = options.timeoutMs ?? defaultTimeoutMs;
  const child = execa(file, rest, {
    reject: false,
    timeout,
    forceKillAfterDelay: options.graceMs ?? defaultGraceMs,
    // Kept here and not by execa, which writes all of it into the message of its error, escaped: seconds for what is full of zeros.
    buffer: false,
    env: settings,
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  const lines = options.onLine ? new ProgramLines(options.onLine, () => child.kill()) : null;
  const said = { stdout: new CappedOutput(mostOutputBytes), stderr: new CappedOutput(mostOutputBytes) };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (bytes: Buffer) => {
      lines?.add(name, bytes);
      if (said[name].truncated) return;
      said[name].add(bytes);
      if (said[name].truncated) child.kill();
    });
  }
  const result = await child;
  if (result.isCanceled) throw new PlayhouseError('cancelled', {}, { cause: result });
  if (result.timedOut) {
    throw new PlayhouseError(
      'command-timeout',
      { command: file, seconds: timeout / 1000 },
      { cause: result },
    );
  }
  lines?.end();
  const [stdout, stderr] = [said.stdout.text(), said.stderr.text()];
  if (said.stdout.truncated || said.stderr.truncated) return endedWithout(stdout, stderr, tooMuch);
  if (result.exitCode === undefined) {
    if (result.code === 'ENOENT')
      throw new PlayhouseError('command-missing', { command: file }, { cause: result });
    return endedWithout(stdout, stderr, `ended by ${result.signal ?? 'an unknown cause'}`);
  }
  return { stdout, stderr, exitCode: result.exitCode };
}

async function startDetached(argv: readonly string[], outputFile: string): Promise<DetachedProcess> {
  const [file = '', ...rest] = argv;
  const output = await open(outputFile, 'w', 0o600);
  try {
    const child = spawn(file, rest, { detached: true, stdio: ['ignore', output.fd, output.fd] });
    child.unref();
    const exited = new Promise<number | string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
    });
    return { pid: child.pid ?? null, exited };
  } finally {
    await output.close();
  }
}
