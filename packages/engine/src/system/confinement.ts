import { dieWithEngine } from './enclosure.ts';

export interface Confinement {
  /** Files and folders of the host that the program sees and may change, each at its own path. */
  readonly writable?: readonly string[];
  /** Those that it may only read. */
  readonly readable?: readonly string[];
  /** True lets it talk to the network, with the host’s resolver and certificates. */
  readonly network?: boolean;
  /** Names such as `CAP_CHOWN`; it has no others. */
  readonly capabilities?: readonly string[];
}

/** What it takes to resolve names and to tell whether a server is who it says. Any of them may be missing. */
const networkFiles = [
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/nsswitch.conf',
  '/etc/ssl',
  '/etc/containers',
  '/etc/docker/certs.d',
];

/**
 * The words to put before a program that works on what strangers made. It sees the host’s programs and what it is given,
 * in name spaces of its own; everything else that it writes is gone when it ends, and it ends with the engine.
 */
export function confine(confinement: Confinement): readonly string[] {
  const { writable = [], readable = [], network = false, capabilities = [] } = confinement;
  return [
    ...[...dieWithEngine, 'bwrap', '--die-with-parent', '--new-session'],
    ...['--unshare-ipc', '--unshare-pid', '--unshare-uts', ...(network ? [] : ['--unshare-net'])],
    ...['--ro-bind', '/usr', '/usr'],
    ...['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/var/tmp'],
    ...(network ? networkFiles.flatMap((path) => ['--ro-bind-try', path, path]) : []),
    ...writable.flatMap((path) => ['--bind', path, path]),
    ...readable.flatMap((path) => ['--ro-bind', path, path]),
    ...['--cap-drop', 'ALL', ...capabilities.flatMap((name) => ['--cap-add', name])],
    '--',
  ];
}
