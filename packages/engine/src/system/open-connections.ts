import { readTextIfPresent } from './durable-file.ts';

const established = '01';

/** How many TCP connections to a port of this host, of its network namespace, are open. */
export async function openConnections(port: number): Promise<number> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readTextIfPresent(`/proc/self/net/${name}`)),
  );
  return tables.reduce((count, table) => count + connectionsIn(table ?? '', port), 0);
}

/** The same of a table as the kernel writes it: a line each, with local address, remote address and state in hexadecimal. Pure. */
export function connectionsIn(table: string, port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').filter((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return local.endsWith(end) && state === established;
  }).length;
}
