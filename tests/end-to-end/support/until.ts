import { setTimeout } from 'node:timers/promises';
import type { Service } from './process.ts';

/** Waits until `condition` holds; a service that ends meanwhile fails it at once with what it said. */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  service?: Service,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let ended = false;
  void service?.exited.then(() => (ended = true));
  while (!(await condition())) {
    if (ended) throw new Error(`waiting for ${what}: the service ended: ${service?.output ?? ''}`);
    if (performance.now() > deadline)
      throw new Error(`waited in vain for ${what}: ${service?.output.slice(-2000) ?? ''}`);
    await setTimeout(100);
  }
}
