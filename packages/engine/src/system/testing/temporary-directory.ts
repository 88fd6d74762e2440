import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';

/** A folder of the test’s own, removed when it ends. Its path is short enough for sockets. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(`${tmpdir()}/playhouse-test-`);
  // Who was told to end may write a last word meanwhile.
  const patience = { maxRetries: 5, retryDelay: 50 };
  onTestFinished(async () => await rm(directory, { recursive: true, force: true, ...patience }));
  return directory;
}
