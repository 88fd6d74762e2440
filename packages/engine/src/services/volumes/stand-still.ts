// Has the containers of a playground stand still while what they write is copied: paused, not stopped, so that connections and
// memory stay. Whatever happens meanwhile, they go on: at the end of the copy, or when an engine that comes back looks at them.
import { Turns } from '../../system/turns.ts';
import type { Docker } from '../docker/docker.ts';
import { ownerLabel } from '../services-context.ts';

const pauseTimeoutMs = 120_000;

export class StandStill {
  readonly #turns = new Turns();
  readonly #standing = new Set<string>();
  #ending = false;

  /** True while its containers stand still on purpose. */
  has(id: string): boolean {
    return this.#standing.has(id);
  }

  /** Does something while nothing of a playground is written. */
  async during(id: string, docker: Docker, work: () => Promise<void>): Promise<void> {
    await this.#turns.take(id, async () => {
      this.#standing.add(id);
      try {
        await pause(id, docker);
        await work();
        // What went on before this came to its end is no copy; the next engine makes one.
        if (this.#ending) await new Promise<never>(() => {});
      } finally {
        await goOn(id, docker).finally(() => this.#standing.delete(id));
      }
    });
  }

  /** Has all go on, because this engine ends: what is being copied comes to nothing. */
  async letGo(docker: Docker): Promise<void> {
    this.#ending = true;
    await Promise.allSettled([...this.#standing].map(async (id) => await goOn(id, docker)));
  }

  /** Has containers go on that an earlier engine left standing. */
  async end(id: string, docker: Docker): Promise<void> {
    await this.#turns.take(id, async () => await goOn(id, docker));
  }
}

async function pause(id: string, docker: Docker): Promise<void> {
  const running = await idsWith(id, docker, 'running');
  // One that ends just now is not to be paused any more, and writes nothing.
  const { exitCode, stderr } = await docker.try(['pause', ...running], { timeoutMs: pauseTimeoutMs });
  const still = exitCode === 0 ? [] : await idsWith(id, docker, 'running');
  if (running.length > 0 && still.length > 0)
    throw new Error(`containers could not be paused: ${stderr.trim()}`);
}

async function goOn(id: string, docker: Docker): Promise<void> {
  const paused = await idsWith(id, docker, 'paused');
  if (paused.length > 0) await docker.run(['unpause', ...paused], { timeoutMs: pauseTimeoutMs });
}

async function idsWith(id: string, docker: Docker, status: 'running' | 'paused'): Promise<readonly string[]> {
  const containers = await docker.api.containers(ownerLabel(id));
  return containers.filter((container) => container.status === status).map((container) => container.id);
}
