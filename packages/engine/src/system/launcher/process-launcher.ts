import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { getSystemErrorName } from 'node:util';
import { identify, isAlive } from '../process-identity.ts';
import type { DetachedProcess, Launcher, RunOptions, RunResult } from './launcher.ts';
import { LaunchedProgram, signalName } from './launched-program.ts';
import { LauncherLine } from './launcher-line.ts';

const lookAgainMs = 500;

/**
 * Has a small process start programs (see launcher/launcher.c). That process is started when it is needed first, and anew when it
 * ended; what it ran then has ended with it. Where it cannot be started, `instead` starts the programs.
 */
export class ProcessLauncher implements Launcher {
  readonly #program: string;
  readonly #instead: Launcher;
  #line: Promise<LauncherLine> | null = null;

  constructor(program: string, instead: Launcher) {
    this.#program = program;
    this.#instead = instead;
  }

  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const line = await this.#open();
    if (line === null) return await this.#instead.run(argv, options);
    return await new LaunchedProgram(line, argv, options).end(options.signal);
  }

  async startDetached(argv: readonly string[], outputFile: string): Promise<DetachedProcess> {
    const line = await this.#open();
    if (line === null) return await this.#instead.startDetached(argv, outputFile);
    // That it cannot be made is told by whoever is asked to make it, not by a program that never was.
    writeFileSync(outputFile, '', { mode: 0o600 });
    return await detach(line, argv, outputFile);
  }

  /** Ends the process, and what is not detached. Another is started when somebody asks again. */
  close(): void {
    void this.#line?.then((line) => line.close()).catch(() => {});
    this.#line = null;
  }

  async #open(): Promise<LauncherLine | null> {
    this.#line ??= LauncherLine.open(this.#program);
    const line = await this.#line.catch(() => null);
    if (line !== null && !line.lost) return line;
    this.#line = null;
    return line === null ? null : await this.#open();
  }
}

async function detach(
  line: LauncherLine,
  argv: readonly string[],
  outputFile: string,
): Promise<DetachedProcess> {
  const exited = Promise.withResolvers<number | string>();
  const pid = await new Promise<number | null>((resolve) => {
    let process: ReturnType<typeof identify> = null;
    line.start({ argv, settings: [], folder: '', outputFile, input: Buffer.alloc(0) }, (answer) => {
      switch (answer.kind) {
        case 'started':
          process = identify(answer.pid);
          return resolve(answer.pid);
        case 'failed':
          exited.resolve(`${argv[0]} could not be started: ${getSystemErrorName(-answer.errno)}`);
          return resolve(null);
        case 'ended':
          return exited.resolve(answer.signal ? signalName(answer.value) : answer.value);
        case 'lost':
          void untilGone(process).then(exited.resolve);
          return resolve(process?.pid ?? null);
        default:
          return undefined;
      }
    });
  });
  return { pid, exited: exited.promise };
}

/** It goes on without the launcher; that it ended is seen, but not how. */
async function untilGone(process: ReturnType<typeof identify>): Promise<string> {
  if (process === null) return 'an unknown cause';
  while (isAlive(process)) await setTimeout(lookAgainMs, undefined, { ref: false });
  return 'an unknown cause';
}
