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

/** What somebody at a terminal sees who logs in on `user@address` and leaves again. */
export async function loginScreen(
  prefix: readonly string[],
  identity: string,
  destination: string,
): Promise<string> {
  const leave = ['sh', '-c', 'echo exit | "$@"', 'sh'];
  const login = [...prefix, 'ssh', '-tt', ...options, '-i', identity, destination];
  return (await run([...leave, ...login], { timeoutMs: 2 * patienceSeconds * 1000 })).stdout;
}
