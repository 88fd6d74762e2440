import { readTextIfPresent } from './durable-file.ts';

const states = { established: '01', listening: '0A' } as const;
type State = keyof typeof states;

/** How many TCP connections to a port of this host, of its network namespace, are open. */
export async function openConnections(port: number): Promise<number> {
  return await count(port, 'established');
}

/** How many sockets listen at a port of this host, of its network namespace: several may share it (`SO_REUSEPORT`). */
export async function listeningSockets(port: number): Promise<number> {
  return await count(port, 'listening');
}

async function count(port: number, state: State): Promise<number> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readTextIfPresent(`/proc/self/net/${name}`)),
  );
  return tables.reduce((sum, table) => sum + socketsIn(table ?? '', port, state), 0);
}

/** The same of a table as the kernel writes it: a line each, with local address, remote address and state in hexadecimal. Pure. */
export function socketsIn(table: string, port: number, wanted: State): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').filter((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return local.endsWith(end) && state === states[wanted];
  }).length;
}
