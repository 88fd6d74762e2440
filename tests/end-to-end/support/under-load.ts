import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Installation } from './installation.ts';

/** What became of the requests. */
export interface LoadReport {
  readonly sent: number;
  /** How many had to be sent again, for the connection that they went on had just been closed. */
  readonly resent: number;
  readonly seconds: number;
  readonly failed: number;
  /** Why the first few failed. */
  readonly failures: readonly string[];
  /** How many answers of each kind there were. */
  readonly bodies: Readonly<Record<string, number>>;
}

/** Sends requests to an address at an even rate, in the installation’s network, while something is done: from before it begins. */
export async function underLoad(
  { inNetns }: Installation,
  url: string,
  perSecond: number,
  work: () => Promise<void>,
): Promise<LoadReport> {
  const script = new URL('load.ts', import.meta.url).pathname;
  const [program, ...words] = [...inNetns, process.execPath, script, url, String(perSecond)];
  const load = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: load.stdout })[Symbol.asyncIterator]();
  await lines.next();
  await work().finally(() => load.stdin.end());
  const report = await lines.next();
  return JSON.parse(report.done ? '' : report.value) as LoadReport;
}
