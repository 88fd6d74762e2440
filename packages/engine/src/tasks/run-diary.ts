import { TaskLog } from './task-log.ts';
import type { TaskRun } from './run-task.ts';

/** Of a run that is only written down when it is over. */
const keptText = 64 * 1024;

/**
 * Writes the runs of one task into its log. A `live` task's as they happen; of one that runs every second only those that
 * went another way than the one before.
 */
export class RunDiary {
  readonly #log: TaskLog;
  readonly #user: string;
  readonly #live: boolean;
  #head = '';
  #text = '';
  #last: string | null = null;
  #startedAt = 0;

  constructor(path: string, user: string, live: boolean) {
    this.#log = new TaskLog(path);
    this.#user = user;
    this.#live = live;
  }

  begin(): void {
    this.#startedAt = performance.now();
    this.#head = `== ${new Date().toISOString()} run as ${this.#user}\n`;
    this.#text = '';
    if (this.#live) this.#log.write(this.#head);
  }

  say(text: string): void {
    this.#text = (this.#text + text).slice(-keptText);
    if (this.#live) this.#log.write(text);
  }

  end({ outcome, hint, stderr }: TaskRun): void {
    const newline = this.#text === '' || this.#text.endsWith('\n') ? '' : '\n';
    const why = outcome.kind === 'interrupted' && stderr !== '' ? `: ${stderr}` : '';
    const end = `${newline}== ${endOf(outcome)}${why}`;
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    const said = hint === null ? '' : `== hint: ${hint.trimEnd()}\n`;
    const whole = `${end}, after ${seconds} s\n${said}`;
    if (this.#live) this.#log.write(whole);
    else if (this.#text + end + said !== this.#last) this.#log.write(this.#head + this.#text + whole);
    this.#last = this.#text + end + said;
  }
}

function endOf(outcome: TaskRun['outcome']): string {
  if (outcome.kind === 'condemned') return 'failcheck failed';
  if (outcome.kind === 'refused') return 'could not be started';
  if (outcome.kind === 'interrupted') return 'interrupted: the machine or its guest agent went away';
  if (outcome.timedOut) return 'stopped at its time limit';
  return outcome.exitCode === null ? 'ended by a signal' : `exit code ${outcome.exitCode}`;
}
