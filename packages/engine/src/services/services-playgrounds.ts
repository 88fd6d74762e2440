// The playgrounds of this playroom that are made of Compose services: carries out what changes them and tells what they are.
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import { printable } from '../guest/printable.ts';
import { Journal } from '../operations/journal.ts';
import { runProcedure } from '../operations/procedure.ts';
import { removeTree } from '../system/durable-file.ts';
import type { Docker } from './docker/docker.ts';
import { reportDestroyed, reportServices } from './report-services.ts';
import { observe } from './observe.ts';
import { DriftWatch } from './drift/drift-watch.ts';
import { KeptWork } from './expiry/kept-work.ts';
import { finishJob } from './jobs/finish-job.ts';
import { BranchWatch } from './sync/branch-watch.ts';
import { HealthWatch } from './health/health-watch.ts';
import { maskOf } from './secrets/playground-secrets.ts';
import {
  ownerLabel,
  planOf,
  playgroundLabel,
  type ServicesContext,
  type ServicesTools,
} from './services-context.ts';
import { registerNext, registerServices } from './register-services.ts';
import type { ServicesRecord } from './services-record.ts';
import { destroyServicesSteps, type RolloutWay, rolloutWays, type Steps } from './services-steps.ts';
import type { ServicesSettings, ServicesWork } from './services-work.ts';
import { showState } from './show-state.ts';
import { StandStill } from './volumes/stand-still.ts';

/** In which no operation decides about it. */
const restful: ReadonlySet<ServicesRecord['state']> = new Set(['running', 'stopped', 'completed', 'error']);
const destroyRetryMs = 2000;

export class ServicesPlaygrounds {
  readonly #tools: ServicesTools;
  readonly #settings: ServicesSettings;
  readonly #seen: ServicesContext['seen'] = new Map();
  readonly #health = new HealthWatch();
  readonly #standStill = new StandStill(ownerLabel);
  readonly #finishing = new Set<string>();
  readonly #drift: DriftWatch;
  readonly #branches: BranchWatch;
  readonly kept: KeptWork;

  constructor(tools: ServicesTools, settings: ServicesSettings) {
    this.#tools = tools;
    this.#drift = new DriftWatch(tools);
    this.#settings = settings;
    this.kept = new KeptWork(tools, (id) => this.report(id));
    this.#branches = new BranchWatch(tools, settings.branches, (id) => this.report(id));
  }

  /** True for one that was stopped, or began as a copy. */
  liesOnSnapshot(id: string): boolean {
    const snapshotId = this.#tools.records.find(id)?.snapshotId ?? null;
    return snapshotId !== null;
  }

  has(id: string): boolean {
    return this.#tools.records.find(id) !== null || this.#tools.records.sick.has(id);
  }

  /** Carries out a start, or goes on with one that an earlier engine began. Containers that need no change stay. */
  async start(order: ServicesOrder, steps: Steps, work: ServicesWork): Promise<void> {
    await registerServices(this.#tools, order);
    await this.#change(order.id, { state: 'starting', error: null });
    try {
      await this.#carryOut(steps, work);
      await this.#change(order.id, { state: 'running', established: true });
      await this.look(order.id);
    } catch (error) {
      await this.#noteFailure(order.id, { state: 'error', error: work.reporter.describe(error) });
      throw error;
    }
  }

  /**
   * Brings a playground to what the order says. When that fails, what ran before goes on, or is brought up again; one that was in
   * error, or whose former version did not come up, is in error.
   */
  async rollOut(order: ServicesOrder, how: RolloutWay, work: ServicesWork): Promise<void> {
    const { id } = order;
    // From the first step on, the next version is known.
    if (!existsSync(this.#tools.records.files(id).journal(work.operationId)))
      await registerNext(this.#tools, order);
    this.report(id);
    try {
      // What was known of branches may be otherwise now, and what is told of it when it is rolled out must not be that it is behind.
      await this.#carryOut(rolloutWays[how], work, how).finally(() => this.#branches.forget(id));
      await this.#change(id, { state: 'running', error: null, established: true });
    } catch (error) {
      const taken = this.#tools.records.find(id)?.state === 'starting';
      const sick = taken ? { state: 'error' as const, error: work.reporter.describe(error) } : {};
      await this.#noteFailure(id, { ...sick, next: null });
      throw error;
    } finally {
      // A proxy that does not answer just now changes nothing of what came of it.
      await this.look(id).catch((error: unknown) => work.reporter.log(String(error)));
    }
  }

  async stop(steps: Steps, work: ServicesWork): Promise<void> {
    if (!this.has(work.id)) return;
    await this.#change(work.id, { state: 'stopping' });
    try {
      await this.#carryOut(steps, work);
      await this.#change(work.id, { state: 'stopped', error: null });
    } catch (error) {
      await this.#noteFailure(work.id, { state: 'error', error: work.reporter.describe(error) });
      throw error;
    }
  }

  /** Takes a playground back to a snapshot. What fails before its containers were stopped leaves it as it was. */
  async rewind(order: ServicesOrder, steps: Steps, work: ServicesWork): Promise<void> {
    const { id } = order;
    await registerServices(this.#tools, order);
    try {
      await this.#carryOut(steps, work);
      await this.#change(id, { state: 'running', error: null, established: true });
    } catch (error) {
      const { state } = this.#tools.records.find(id) ?? {};
      const sick = state === 'stopping' || state === 'starting';
      await this.#noteFailure(id, sick ? { state: 'error', error: work.reporter.describe(error) } : {});
      throw error;
    } finally {
      await this.look(id);
    }
  }

  /** Carries out a cut, which leaves the playground as it is whether it comes off or not. */
  async cut(steps: Steps, work: ServicesWork): Promise<void> {
    try {
      if (!this.has(work.id)) throw new PlayhouseError('playground-unknown', { reference: work.id });
      await this.#carryOut(steps, work);
    } catch (error) {
      // Forks wait for it.
      this.#tools.snapshots.noteFailure(work.operationId, error);
      throw error;
    }
  }

  /**
   * Destroys a playground: tries until nothing of it is left, in Docker or here, for half a playground is of no use to anybody.
   * Silent when it is already destroyed.
   */
  async destroy(work: ServicesWork): Promise<void> {
    const { id } = work;
    while (this.has(id)) {
      try {
        await this.#change(id, { state: 'destroying' });
        await this.#carryOut(destroyServicesSteps, work);
        await this.#settings.logs.end(id);
        await this.#tools.records.remove(id);
      } catch (error) {
        work.reporter.log(`trying again: ${String(error)}`);
        await this.forget(work);
        await setTimeout(destroyRetryMs);
      }
    }
    for (const { label } of destroyServicesSteps) work.reporter.skip(label);
    this.#seen.delete(id);
    for (const watch of [this.#drift, this.#branches, this.kept]) watch.forget(id);
    this.#settings.tell(reportDestroyed(id, this.#settings.nextRevision()));
  }

  async forget({ id, operationId }: Pick<ServicesWork, 'id' | 'operationId'>): Promise<void> {
    await removeTree(this.#tools.records.files(id).journal(operationId));
    this.report(id);
  }

  /** Looks at the containers of all playgrounds; those whose Docker is gone are left as they are known. */
  async lookAtAll(): Promise<void> {
    const atRest = this.#tools.records
      .all()
      .filter(({ state, order }) => restful.has(state) && !this.#standStill.has(order.id));
    const docker = atRest.length === 0 ? null : await this.#tools.dockerIfThere();
    if (docker === null) return;
    const api = docker.api.inOneList(playgroundLabel);
    const looks = await Promise.allSettled(
      atRest.map(async (record) => {
        const { id } = record.order;
        await observe(this.#context(id), api);
        const seen = this.#seen.get(id) ?? [];
        // A copy may have begun since.
        const left = seen.some(({ status }) => status === 'paused') && !this.#standStill.has(id);
        if (left) await this.#standStill.end(id, docker);
        await this.#settings.logs.noticed(id, seen);
        this.#finishJob(id, docker);
        if (this.#drift.look(id, seen)) this.report(id);
      }),
    );
    this.#health.keepOnly(new Set([...this.#seen.values()].flat().map((container) => container.id)));
    // Trouble with one is no reason to leave the others alone.
    const failed = looks.find((look) => look.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Beside the look: what a job has besides may take its time to stop, and nobody’s addresses wait for that. */
  #finishJob(id: string, docker: Docker): void {
    if (this.#finishing.has(id)) return;
    this.#finishing.add(id);
    void finishJob(this.#context(id), docker)
      .catch((error: unknown) => this.#settings.warn(id, error))
      .finally(() => this.#finishing.delete(id));
  }

  /** Asks the branches of a running playground’s services for new commits, in its turn of the queue. */
  async followBranches(id: string, signal: AbortSignal): Promise<void> {
    await this.#branches.follow(this.#context(id), signal);
  }

  /** Ends what is done for a playground unasked and beside its operations, for one of them begins. */
  async giveWay(id: string): Promise<void> {
    await this.#branches.giveWay(id);
  }

  /** Ids of those whose branches are followed. */
  running(): readonly string[] {
    const running = this.#tools.records.all().filter(({ state }) => state === 'running');
    return running.map(({ order }) => order.id);
  }

  /** Leaves nothing under way or standing still when this engine ends. */
  async letGo(): Promise<void> {
    await this.#branches.end();
    const docker = await this.#tools.dockerIfThere();
    if (docker !== null) await this.#standStill.letGo(docker);
  }

  /** Looks at one, for who changed something of it: resolves when its addresses lead to what it is now. */
  async look(id: string): Promise<void> {
    const docker = await this.#tools.dockerIfThere();
    const record = this.#tools.records.find(id);
    // The step that took its addresses away is not done again.
    if (record === null || record.state === 'destroying') return;
    await (docker === null ? showState(this.#tools, record) : observe(this.#context(id), docker.api));
    await this.#tools.ingress.served();
  }

  /** Has all addresses say how it is with their playgrounds, before anybody has looked at containers. */
  async showStates(): Promise<void> {
    // What an earlier engine began to destroy has no addresses any more; whether it told the proxy so, nobody knows.
    for (const record of this.#tools.records.all())
      await (record.state === 'destroying'
        ? this.#tools.ingress.set(record.order.id, [])
        : showState(this.#tools, record));
  }

  async #carryOut(steps: Steps, work: ServicesWork, rollout: RolloutWay | null = null): Promise<void> {
    const { id, reporter } = work;
    // What containers and builds print is hostile, and may have secrets in it.
    reporter.maskWith((text) => maskOf(this.#tools, id).text(printable(text)));
    const journal = await Journal.open(this.#tools.records.files(id).journal(work.operationId));
    const carryOut = async () =>
      await runProcedure({ ...work, steps, context: this.#context(id, rollout), journal });
    try {
      await (steps === destroyServicesSteps ? carryOut() : this.#settings.logs.during(id, carryOut));
    } finally {
      // What was seen while containers were made is no drift of what there is now.
      this.#drift.forget(id);
      await journal.close();
    }
  }

  #context(id: string, rollout: RolloutWay | null = null): ServicesContext {
    return {
      ...{ rollout: rollout !== null, healing: rollout === 'heal' },
      ...{ tools: this.#tools, id, seen: this.#seen, health: this.#health },
      standStill: this.#standStill,
      changed: () => this.report(id),
    };
  }

  async #change(id: string, change: Partial<ServicesRecord>): Promise<void> {
    await this.#tools.records.change(id, change);
    this.report(id);
  }

  /** What comes of a failure. On a full disk it cannot be written down: what made it fail is worth more than that. */
  async #noteFailure(id: string, change: Partial<ServicesRecord>): Promise<void> {
    await this.#change(id, change).catch(() => this.report(id));
  }

  /** Tells the server what a playground is now. Silent when there is none. */
  report(id: string): void {
    const record = this.#tools.records.find(id);
    if (record === null) return;
    const { httpsPort, nextRevision } = this.#settings;
    const underWay = (service: string) => this.#branches.underWay(id, service);
    const found = { drift: this.#drift.of(id), kept: this.kept.of(id) };
    const known = { followed: this.#branches.of(id), underWay, ...found };
    const seen = { containers: this.#seen.get(id) ?? [], httpsPort, ...known };
    this.#settings.tell(reportServices(record, planOf(this.#tools, record), seen, nextRevision()));
  }
}
