import { type Outcome, run } from './process.ts';

/** The time to the banner counts too, and many emulated machines that share two cores are in no hurry. */
const patienceSeconds = 60;

const options = [
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  `ConnectTimeout=${patienceSeconds}`,
  'LogLevel=ERROR',
  'BatchMode=yes',
].flatMap((option) => ['-o', option]);

/** Runs a command on `user@address` with OpenSSH, in the namespace that the words `prefix` enter. */
export async function ssh(
  prefix: readonly string[],
  identity: string,
  destination: string,
  command: string,
  timeoutMs = 2 * patienceSeconds * 1000,
): Promise<Outcome> {
  return await run([...prefix, 'ssh', ...options, '-i', identity, destination, command], {
    timeoutMs,
  });
}
