import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../system/run.ts';
import { buildProgram } from '../system/build-program.ts';

/** Test support: the real C agent, compiled for this run, on a unix socket instead of a virtio port. */
export interface AgentFixture {
  readonly directory: string;
  readonly binary: string;
  readonly socketPath: string;
  stop(): Promise<void>;
}

export async function startAgent(): Promise<AgentFixture> {
  const directory = await mkdtemp(join(tmpdir(), 'agent-'));
  const binary = join(directory, 'agent');
  const socketPath = join(directory, 'agent.sock');
  await buildProgram(
    run,
    'guest agent',
    fileURLToPath(new URL('../../../../guest', import.meta.url)),
    binary,
  );
  const life = new AbortController();
  const ended = run([binary, 'serve-socket', socketPath], { signal: life.signal, timeoutMs: 600_000 }).catch(
    () => undefined,
  );
  const stop = async (): Promise<void> => {
    life.abort();
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  return { directory, binary, socketPath, stop };
}
