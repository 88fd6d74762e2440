import { readFileSync } from 'node:fs';

/** The words to put before a program that must not outlive the engine. */
export const dieWithEngine = ['setpriv', '--pdeathsig', 'KILL', '--'] as const;

/**
 * The words to put before a program to give it a room of its own: what it mounts is seen by nobody else, and when the
 * engine dies, however it dies, program, children and mounts go with it.
 */
export function enclose(mountInfo: string = readFileSync('/proc/self/mountinfo', 'utf8')): readonly string[] {
  // In a chroot that is no mount point of its own, the kernel refuses to change how mounts propagate.
  const propagation = mountPoints(mountInfo).includes('/') ? 'private' : 'unchanged';
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', `--propagation=${propagation}`];
  return [...dieWithEngine, 'unshare', ...namespaces, '--'];
}

function mountPoints(mountInfo: string): readonly string[] {
  return mountInfo.split('\n').flatMap((line) => line.split(' ')[4] ?? []);
}
