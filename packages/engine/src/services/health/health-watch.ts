// The platform’s own health checks, of services that have none that Docker runs: images then need no `curl`. A container is not
// told apart from one with a check of its own by what comes after.
import type { HealthCheck, PlannedService, ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import type { ContainerState } from '../docker/docker-api.ts';
import { type Probe, probeHttp } from './probe.ts';

interface Health {
  readonly since: number;
  readonly verdict: 'starting' | 'healthy' | 'unhealthy';
  readonly failures: number;
  readonly said: string | null;
  readonly nextAt: number;
}

export interface HealthWatchOptions {
  readonly probe?: Probe;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** A container that is not up yet is asked more often than its interval says. */
const startIntervalMs = 500;

export class HealthWatch {
  readonly #probe: Probe;
  readonly #now: () => number;
  readonly #known = new Map<string, Health>();
  readonly #asking = new Map<string, Promise<void>>();
  readonly #judged = new Set<string>();

  constructor({ probe = probeHttp, now = () => performance.now() }: HealthWatchOptions = {}) {
    this.#probe = probe;
    this.#now = now;
  }

  /**
   * The same containers, with the platform’s verdict on those that have no other. Probes what is due; one that was never seen
   * is waited for, so that an engine that has just come takes no healthy container for a starting one.
   */
  async judge(
    containers: readonly ContainerState[],
    { services }: ServicePlan,
  ): Promise<readonly ContainerState[]> {
    return await Promise.all(
      containers.map(async (container) => {
        const planned = services.find(({ name }) => name === container.service);
        const check = planned === undefined ? null : checkOf(planned, container);
        if (planned === undefined || check === null) return container;
        this.#judged.add(container.id);
        const asking = this.#ask(container, check, planned.exposure?.port ?? 80);
        if (!this.#known.has(container.id)) await asking;
        const { verdict = 'starting', said = null } = this.#known.get(container.id) ?? {};
        return { ...container, health: verdict, healthOutput: said };
      }),
    );
  }

  /** Forgets all containers but these, and those that were judged since it was last called: a start waits for them. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#known.keys()) if (!ids.has(id) && !this.#judged.has(id)) this.#known.delete(id);
    this.#judged.clear();
  }

  async #ask(container: ContainerState, check: HealthCheck, port: number): Promise<void> {
    const { id } = container;
    const before = this.#known.get(id);
    if (before !== undefined && this.#now() < before.nextAt) return;
    const under = this.#asking.get(id) ?? this.#judgeOne(container, check, port);
    this.#asking.set(id, under);
    await under.finally(() => this.#asking.delete(id));
  }

  async #judgeOne(container: ContainerState, check: HealthCheck, port: number): Promise<void> {
    const { id, addresses } = container;
    const before: Health = this.#known.get(id) ?? {
      ...{ since: this.#now(), verdict: 'starting', failures: 0, said: null, nextAt: 0 },
    };
    const { path, timeoutMs } = check;
    const [address] = addresses;
    const target = { address: address ?? '', port: container.port ?? port, path, timeoutMs };
    const said = address === undefined ? 'it has no address' : await this.#probe(target);
    this.#known.set(id, healthAfter(before, said, check, this.#now()));
  }
}

/** The platform’s check where it counts: Docker’s own comes first, and what does not run is asked nothing. */
function checkOf(planned: PlannedService, container: ContainerState): HealthCheck | null {
  const own = planned.dockerHealthCheck || container.health !== null;
  return own || container.status !== 'running' ? null : planned.healthCheck;
}

/** What follows from an answer. Failures in the start period do not count, as with Docker’s checks. */
export function healthAfter(before: Health, said: string | null, check: HealthCheck, now: number): Health {
  if (said === null)
    return { ...before, verdict: 'healthy', failures: 0, said, nextAt: now + check.intervalMs };
  const starting = before.verdict === 'starting' && now < before.since + check.startPeriodMs;
  const failures = starting ? 0 : before.failures + 1;
  const verdict = failures >= check.retries ? 'unhealthy' : before.verdict;
  const interval = verdict === 'starting' ? Math.min(startIntervalMs, check.intervalMs) : check.intervalMs;
  return { ...before, verdict, failures, said, nextAt: now + interval };
}
