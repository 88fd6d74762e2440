// Boots a kernel just to see what it says, then ends it.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { removeTree } from '../system/durable-file.ts';
import { dieWithEngine } from '../system/enclosure.ts';
import type { Run } from '../system/run.ts';

export interface BootOutcome {
  /** How long it took to the marker; null when it never came. */
  readonly seconds: number | null;
  /** Why not, as far as QEMU said something: ` (…)`, or nothing. */
  readonly said: string;
  /** All that came on the serial console. */
  readonly console: string;
}

/** Runs the QEMU command that `line` makes for a console log, until the log has `marker` in it or the time is over. */
export async function bootOnce(
  line: (consoleLog: string) => readonly string[],
  marker: string,
  timeoutMs: number,
  runner: Run,
  cancelled?: AbortSignal,
): Promise<BootOutcome> {
  const directory = await mkdtemp(`${tmpdir()}/playhouse-probe-`);
  const log = `${directory}/console`;
  const stop = new AbortController();
  const signal = cancelled ? AbortSignal.any([stop.signal, cancelled]) : stop.signal;
  const started = performance.now();
  try {
    const ended = runner([...dieWithEngine, ...line(log)], { timeoutMs: timeoutMs + 5000, signal });
    const outcome = ended.then((result) => result.stderr).catch(() => '');
    const at = await watchForMarker(log, marker, outcome, started + timeoutMs).finally(() => stop.abort());
    const stderr = (await outcome).trim().split('\n').at(-1) ?? '';
    return {
      seconds: at && (at - started) / 1000,
      said: stderr && at === null ? ` (${stderr})` : '',
      console: await readFile(log, 'utf8').catch(() => ''),
    };
  } finally {
    await removeTree(directory);
  }
}

async function watchForMarker(
  log: string,
  marker: string,
  ended: Promise<unknown>,
  deadline: number,
): Promise<number | null> {
  let over = false;
  void ended.then(() => (over = true));
  for (;;) {
    // Read after `over` was looked at, so that what was printed last is not missed.
    const last = over || performance.now() > deadline;
    if ((await readFile(log, 'utf8').catch(() => '')).includes(marker)) return performance.now();
    if (last) return null;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
