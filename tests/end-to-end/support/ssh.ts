import { type Outcome, run } from './process.ts';

const options = [
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  'ConnectTimeout=10',
  'LogLevel=ERROR',
  'BatchMode=yes',
].flatMap((option) => ['-o', option]);

/** Runs a command on `user@address` with OpenSSH, in the namespace that the words `prefix` enter. */
export async function ssh(
  prefix: readonly string[],
  identity: string,
  destination: string,
  command: string,
): Promise<Outcome> {
  return await run([...prefix, 'ssh', ...options, '-i', identity, destination, command]);
}
