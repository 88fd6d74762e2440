// Has the containers of a playground stand still while what they write is copied: paused, not stopped, so that connections and
// memory stay. Whatever happens meanwhile, they go on: at the end of the copy, or when an engine that comes back looks at them.
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { Turns } from '../../system/turns.ts';
import type { Docker } from '../docker/docker.ts';

const pauseTimeoutMs = 120_000;
const mostTries = 5;
/** How long Docker is given to bring one up that has just ended. */
const restartMs = 500;

export class StandStill {
  readonly #turns = new Turns();
  readonly #standing = new Set<string>();
  readonly #labelOf: (id: string) => string;
  #ending = false;

  /** `labelOf` gives the label that a playground’s containers carry. */
  constructor(labelOf: (id: string) => string) {
    this.#labelOf = labelOf;
  }

  /** True while its containers stand still on purpose. */
  has(id: string): boolean {
    return this.#standing.has(id);
  }

  /** Does something while nothing of a playground is written. */
  async during(id: string, docker: Docker, work: () => Promise<void>): Promise<void> {
    await this.#turns.take(id, async () => {
      this.#standing.add(id);
      try {
        await pause(this.#labelOf(id), docker);
        await work();
        // What went on before this came to its end is no copy; the next engine makes one.
        if (this.#ending) await new Promise<never>(() => {});
        await requireStill(this.#labelOf(id), docker);
      } finally {
        await goOn(this.#labelOf(id), docker).finally(() => this.#standing.delete(id));
      }
    });
  }

  /** Has all go on, because this engine ends: what is being copied comes to nothing. */
  async letGo(docker: Docker): Promise<void> {
    this.#ending = true;
    await Promise.allSettled([...this.#standing].map(async (id) => await goOn(this.#labelOf(id), docker)));
  }

  /** Has containers go on that an earlier engine left standing. */
  async end(id: string, docker: Docker): Promise<void> {
    await this.#turns.take(id, async () => await goOn(this.#labelOf(id), docker));
  }
}

/** Until none runs: one that is restarted by Docker may have come up just after the others were told. */
async function pause(label: string, docker: Docker): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const restless = await idsWith(label, docker, ['running', 'restarting']);
    if (restless.length === 0) return;
    const running = await idsWith(label, docker, ['running']);
    const { exitCode, stderr } =
      running.length === 0
        ? { exitCode: 0, stderr: '' }
        : await docker.try(['pause', ...running], { timeoutMs: pauseTimeoutMs });
    if (tries < mostTries) await setTimeout(running.length === 0 ? restartMs : 0);
    else if (exitCode !== 0) throw new Error(`containers could not be paused: ${stderr.trim()}`);
    else await requireStill(label, docker);
  }
}

/** One that Docker restarts over and over cannot be paused, and would write into what is being copied. */
async function requireStill(label: string, docker: Docker): Promise<void> {
  const containers = await docker.api.containers(label);
  const restless = containers.filter(({ status }) => status === 'running' || status === 'restarting');
  const services = [...new Set(restless.map(({ service }) => service))].join(', ');
  if (services !== '') throw new PlayhouseError('services-restless', { services });
}

async function goOn(label: string, docker: Docker): Promise<void> {
  const paused = await idsWith(label, docker, ['paused']);
  if (paused.length > 0) await docker.run(['unpause', ...paused], { timeoutMs: pauseTimeoutMs });
}

async function idsWith(
  label: string,
  docker: Docker,
  wanted: readonly ('running' | 'restarting' | 'paused')[],
): Promise<readonly string[]> {
  const containers = await docker.api.containers(label);
  return containers.filter(({ status }) => wanted.some((each) => each === status)).map(({ id }) => id);
}
