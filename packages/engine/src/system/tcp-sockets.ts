import { readTextIfPresent } from './durable-file.ts';

const states = { established: '01', listening: '0A' } as const;
type State = keyof typeof states;

/** The other ends of the TCP connections to a port of this host, of its network namespace, that are open; each as the kernel writes it. */
export async function openConnections(port: number): Promise<ReadonlySet<string>> {
  return new Set(await sockets(port, 'established'));
}

/** How many sockets listen at a port of this host, of its network namespace: several may share it (`SO_REUSEPORT`). */
export async function listeningSockets(port: number): Promise<number> {
  return (await sockets(port, 'listening')).length;
}

/** Those at a port, by their other ends. */
async function sockets(port: number, wanted: State): Promise<readonly string[]> {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readTextIfPresent(`/proc/self/net/${name}`)),
  );
  return tables.flatMap((table) =>
    // A line each, with local address, remote address and state in hexadecimal.
    (table ?? '').split('\n').flatMap((line) => {
      const [, local = '', remote = '', state] = line.trim().split(/\s+/);
      return local.endsWith(end) && state === states[wanted] ? [remote] : [];
    }),
  );
}
