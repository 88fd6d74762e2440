// Tells the machines of a playground what became of its tasks, for `examinerctl` inside them: names and statuses, never what
// tasks printed or were given. A machine that cannot be told is told later; no task and no start waits for that or fails by it.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Task } from '@playhouse/contract/task';
import type { GuestAgent } from '../guest/guest-agent.ts';
import { agentPlace } from '../playgrounds/machine-specification.ts';
import { planPlayground } from '../playgrounds/playground-plan.ts';
import { Turns } from '../system/turns.ts';
import type { TaskTools } from './task-tools.ts';

/** Machines boot again, and come back as others; how often each is looked at when no task has changed. */
const lookEveryMs = 3000;
/** Changes that come together are told together. */
const gatherMs = 200;
const patienceMs = 5000;
const scriptTimeoutMs = 10_000;

const program = readFileSync(new URL('examinerctl.sh', import.meta.url), 'utf8');
/** By this line an `examinerctl` of ours is told from one that an image brings. */
const mark = program.split('\n')[1] ?? '';

/**
 * The statuses come on standard input. $1 is the root folder, $2 the program, $3 its mark. An `examinerctl` that the image brings,
 * wherever a shell finds it, stays.
 */
const install = `
umask 022
mkdir -p "$1/run/playhouse" && cat > "$1/run/playhouse/tasks.new" &&
  mv -f "$1/run/playhouse/tasks.new" "$1/run/playhouse/tasks"
bin=$1/usr/local/bin/examinerctl
if [ -e "$bin" ] || [ -L "$bin" ]; then
  [ "$(sed -n 2p "$bin")" = "$3" ] || exit 0
  [ "$(cat "$bin")" != "$2" ] || exit 0
elif command -v examinerctl >/dev/null 2>&1; then
  exit 0
fi
mkdir -p "\${bin%/*}" && printf '%s\\n' "$2" > "$bin.new" && chmod 755 "$bin.new" && mv -f "$bin.new" "$bin"
`;

export class StatusBoard {
  readonly #tools: TaskTools;
  readonly #id: string;
  readonly #tasks: () => readonly Task[];
  readonly #root: string;
  readonly #lookEveryMs: number;
  /** What each run of a machine was told last. */
  readonly #told = new Map<string, { readonly process: string; readonly text: string }>();
  readonly #turns = new Turns();
  #changed = Promise.withResolvers<void>();

  /** `root` is where the machine's files are, for tests that have this host in its place; they also look more often. */
  constructor(tools: TaskTools, id: string, tasks: () => readonly Task[], root = '', every = lookEveryMs) {
    this.#tools = tools;
    this.#id = id;
    this.#tasks = tasks;
    this.#root = root;
    this.#lookEveryMs = every;
  }

  /** A task has changed. */
  change(): void {
    this.#changed.resolve();
  }

  /** Keeps all machines told until the signal aborts. Never rejects. */
  async keep(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      this.#changed = Promise.withResolvers();
      await this.#tellAll(life);
      const look = sleep(this.#lookEveryMs, undefined, { signal: life, ref: false }).catch(() => undefined);
      await Promise.race([look, this.#changed.promise]);
      await sleep(gatherMs, undefined, { signal: life, ref: false }).catch(() => undefined);
    }
  }

  /** Tells a machine that was told nothing since it was booted, so that its first task finds `examinerctl`. */
  async introduce(agent: GuestAgent, machine: string, signal: AbortSignal): Promise<void> {
    const process = this.#processOf(machine);
    if (process === null || this.#told.get(machine)?.process === process) return;
    await this.#tell(agent, machine, process, signal);
  }

  async #tellAll(life: AbortSignal): Promise<void> {
    const record = this.#tools.records.get(this.#id);
    if (!record) return;
    const text = this.#text();
    const { machines } = planPlayground(record, this.#tools.settings);
    const work = machines.map(async (machine) => {
      const { name } = machine.manifest;
      const process = this.#processOf(name);
      const told = this.#told.get(name);
      if (process === null || (told?.process === process && told.text === text)) return;
      const place = agentPlace(this.#tools.paths, this.#id, machine);
      await this.#tools.agents.use(place, { timeoutMs: patienceMs, signal: life }, async (agent, signal) => {
        await this.#tell(agent, name, process, signal);
      });
    });
    await Promise.allSettled(work);
  }

  async #tell(agent: GuestAgent, machine: string, process: string, signal: AbortSignal): Promise<void> {
    await this.#turns.take(machine, async () => {
      const text = this.#text();
      await this.#write(agent, text, signal);
      this.#told.set(machine, { process, text });
    });
  }

  async #write(agent: GuestAgent, text: string, signal: AbortSignal): Promise<void> {
    const own = program.replaceAll('/run/playhouse', `${this.#root}/run/playhouse`).trimEnd();
    try {
      await agent.exec({
        argv: ['/bin/sh', '-c', install, 'examinerctl', this.#root, own, mark],
        stdin: text,
        timeoutMs: scriptTimeoutMs,
        signal,
      });
    } catch (error) {
      // A machine that cannot run it at all, as one without a shell, is not asked again and again.
      if (!(error instanceof PlayhouseError) || error.code !== 'guest-agent-refused') throw error;
    }
  }

  /** Names of all of it are words: nothing needs quoting. */
  #text(): string {
    return this.#tasks()
      .map(({ name, machine, kind, status, input }) => `${name} ${machine} ${kind} ${status} ${input}\n`)
      .join('');
  }

  /** Which run of the machine it is; null when it does not run. */
  #processOf(name: string): string | null {
    const machine = this.#tools.records.get(this.#id)?.machines.find((each) => each.name === name);
    if (machine?.state !== 'running' || machine.process === null) return null;
    const { pid, startTime, bootId } = machine.process;
    return `${pid}/${startTime}/${bootId}`;
  }
}
