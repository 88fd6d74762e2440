import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAgent } from './build-agent.ts';

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
  await buildAgent(run, fileURLToPath(new URL('../../../../guest', import.meta.url)), binary);
  const child: ChildProcess = spawn(binary, ['serve-socket', socketPath], { stdio: 'inherit' });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  };
  return { directory, binary, socketPath, stop };
}

/** A program runner for tests of this folder. */
export function run(argv: readonly string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const [file = '', ...rest] = argv;
  return new Promise((resolve) => {
    execFile(file, rest, (error, stdout, stderr) => resolve({ stdout, stderr, exitCode: error ? Number(error.code) : 0 }));
  });
}
