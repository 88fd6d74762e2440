import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port of this host from `from` to before `to` that nobody has, drawn by chance: test files run beside each other. With `offsets`,
 * those that lie so far behind it are free, too.
 */
export async function untakenPort(
  from: number,
  to: number,
  offsets: readonly number[] = [0],
): Promise<number> {
  for (;;) {
    const port = randomInt(from, to);
    const free = await Promise.all(offsets.map(async (offset) => await isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
