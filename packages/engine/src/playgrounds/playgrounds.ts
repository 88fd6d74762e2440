// The playgrounds of this playroom: carries out what changes them and tells what they are.
import { PlayhouseError, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import { Journal } from '../operations/journal.ts';
import type { OperationReporter } from '../operations/operation-reporter.ts';
import { runProcedure } from '../operations/procedure.ts';
import type { Step } from '../operations/step.ts';
import type { Housekeeping } from './boot-again.ts';
import { destroySteps } from './destroy/destroy-steps.ts';
import { EdgeSlots } from './edge-slots.ts';
import { removeByTag } from './janitor.ts';
import { MachineKeeper } from './machine-keeper.ts';
import { describeMachines, planPlayground } from './playground-plan.ts';
import type { PlaygroundRecord } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';
import { registerPlayground } from './register-playground.ts';
import { type StartContext } from './start/start-context.ts';
import type { Task } from '@playhouse/contract/task';
import { isTaskFailure } from '../tasks/task-failure.ts';
import { Supervisors } from '../tasks/supervisors.ts';
import { isDiskFull, removeTree } from '../system/durable-file.ts';
import { wasCut } from './was-cut.ts';

const destroyRetryMs = 2000;

/** One operation as it is carried out. */
export interface Work {
  readonly kind: string;
  /** The playground’s. */
  readonly id: string;
  readonly operationId: string;
  readonly reporter: OperationReporter;
  readonly signal: AbortSignal;
}

export class Playgrounds {
  readonly #tools: PlayroomTools;
  readonly #tell: (report: PlaygroundReport) => void;
  #revision: number;
  readonly #slots: EdgeSlots;
  readonly #tasks: Supervisors;
  readonly #keeper: MachineKeeper;

  /** `tell` gets the whole state of a playground after every change; revisions grow from `firstRevision`. */
  constructor(tools: PlayroomTools, tell: (report: PlaygroundReport) => void, firstRevision: number) {
    this.#tools = tools;
    this.#tell = tell;
    this.#revision = firstRevision;
    this.#slots = new EdgeSlots(tools);
    this.#tasks = new Supervisors(tools, {
      changed: (id) => this.#report(id),
      failed: async (id, error) =>
        await this.#setState(id, {
          state: 'error',
          error: { ...toErrorBody(error), problems: [], step: null },
        }),
    });
    this.#keeper = new MachineKeeper(tools, this.#tasks, {
      changed: (id) => this.#report(id),
      failed: async (id, error) => await this.#setState(id, { state: 'error', error }),
    });
  }

  readonly destroyLabels = destroySteps.map(({ label }) => label);

  /** True for a playground that was cut, or began as a copy. */
  liesOnSnapshot(id: string): boolean {
    return wasCut(this.#tools.records.get(id));
  }

  /** @throws PlayhouseError playground-unknown, and what TaskSupervisor.give throws */
  readonly giveInput = async (id: string, task: string, input: string): Promise<Task> => {
    if (!this.#tools.records.get(id)) throw new PlayhouseError('playground-unknown', { reference: id });
    return await this.#tasks.of(id).give(task, input);
  };

  /** Takes up what an earlier engine left. */
  async adopt(): Promise<void> {
    await this.#keeper.adopt();
  }

  async keepHouse(housekeeping: Housekeeping): Promise<void> {
    await this.#keeper.keepHouse(housekeeping);
    const stopping = this.#tools.records.all().filter(({ state }) => state === 'stopping');
    // That a stop was called off may not have been written down, on a full disk; one that goes on has its turn before.
    await Promise.all(
      stopping.map(async ({ order: { id } }) => {
        await housekeeping.queue.runUnasked(id, async () => {
          if (this.#tools.records.get(id)?.state !== 'stopping') return;
          await this.#callOffStop(id).catch(() => this.#report(id));
        });
      }),
    );
  }

  /**
   * Carries out a start, or goes on with one that an earlier engine began. Drives that were in use before are taken up as
   * they are.
   */
  async start(order: PlaygroundOrder, steps: readonly Step<StartContext>[], work: Work): Promise<void> {
    await this.#orError(work, async () => {
      await registerPlayground(this.#tools.records, this.#slots, order);
      this.#report(order.id);
      await this.#carryOut(steps, this.#keeper.context(order.id), work);
      await this.#setState(order.id, { state: 'running', error: null, established: true });
      if (order.spare) return;
      // A regular task that its failcheck had condemned gets another try as well.
      await this.#tasks.of(order.id).renew();
      await this.#tasks.of(order.id).begin();
    });
  }

  /** Stops a playground for as long as it is not started again. One that never got as far as a record has nothing to stop. */
  async stop(steps: readonly Step<StartContext>[], work: Work): Promise<void> {
    const { id, reporter } = work;
    if (!this.#tools.records.get(id)) {
      for (const { label } of steps) reporter.skip(label);
      return;
    }
    await this.#orError(work, async () => {
      this.#tasks.of(id).halt();
      await this.#setState(id, { state: 'stopping' });
      await this.#carryOut(steps, this.#keeper.context(id), work);
      await this.#setState(id, { state: 'stopped', error: null });
    });
  }

  /** Suspends a playground. Until its machines have ended for good a failure leaves it running. */
  async suspend(steps: readonly Step<StartContext>[], work: Work): Promise<void> {
    const { id } = work;
    if (!this.#tools.records.get(id)) throw new PlayhouseError('playground-unknown', { reference: id });
    try {
      await this.#setState(id, { state: 'stopping' });
      await this.#carryOut(steps, this.#keeper.context(id), work);
      this.#tasks.of(id).halt();
      await this.#setState(id, { state: 'stopped', error: null });
    } catch (error) {
      // On a full disk it cannot be written down; that it goes on is so all the same.
      await this.#callOffStop(id).catch(() => {});
      throw this.#inOurWords(error);
    }
  }

  /** What was not stopped runs, if it has machines that do. */
  async #callOffStop(id: string): Promise<void> {
    const runs = this.#tools.records.get(id)?.machines.some(({ process }) => process !== null) ?? false;
    await this.#setState(id, { state: runs ? 'running' : 'stopped' });
    if (runs) await this.#tasks.of(id).begin();
  }

  /** Carries out a cut, which leaves the playground as it is whether it comes off or not. */
  async cut(steps: readonly Step<StartContext>[], work: Work): Promise<void> {
    const { id, operationId } = work;
    try {
      if (!this.#tools.records.get(id)) throw new PlayhouseError('playground-unknown', { reference: id });
      await this.#carryOut(steps, this.#keeper.context(id), work);
    } catch (error) {
      this.#tools.snapshots.noteFailure(operationId, error);
      throw this.#inOurWords(error);
    }
  }

  /** Carries out an operation on one machine. When it fails the machine says so; the playground goes on. */
  async operate(machine: string, steps: readonly Step<StartContext>[], work: Work): Promise<void> {
    try {
      await this.#carryOut(steps, { ...this.#keeper.context(work.id), only: new Set([machine]) }, work);
    } catch (error) {
      if (work.signal.aborted)
        await this.#tools.records.saveMachine(work.id, machine, { state: 'stopped' }).catch(() => {});
      throw error;
    } finally {
      this.#report(work.id);
    }
  }

  async #carryOut(steps: readonly Step<StartContext>[], context: StartContext, work: Work): Promise<void> {
    const journal = await Journal.open(this.#tools.paths.journal(work.id, work.operationId));
    try {
      await runProcedure({ ...work, steps, context, journal });
    } finally {
      await journal.close();
    }
  }

  /** A failure is the playground’s: its record says where and why. */
  async #orError({ id, reporter }: Work, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = this.#inOurWords(thrown);
      // What made it fail is worth more than that it could not be written down.
      const failure = reporter.describe(error);
      // What a failed task leaves standing holds what was written, as does a playground that ran.
      const kept = isTaskFailure(failure) ? { established: true } : {};
      // Memory that is of no use is kept: its owner, if it has one, may know a playroom for it, or go without.
      const { established = false, order } = this.#tools.records.get(id) ?? {};
      const unfit = failure.code === 'memory-unfit' && established && !order?.spare;
      const change = unfit
        ? { state: 'stopped' as const }
        : { state: 'error' as const, error: failure, ...kept };
      await this.#setState(id, change).catch(() => {});
      throw error;
    }
  }

  #inOurWords(thrown: unknown): unknown {
    const { root: path } = this.#tools.paths;
    return isDiskFull(thrown) ? new PlayhouseError('disk-full', { path }, { cause: thrown }) : thrown;
  }

  /** Deletes the journal of work that is over. Until then a repetition knows by it that nothing is left to do. */
  async forget({ id, operationId }: Pick<Work, 'id' | 'operationId'>): Promise<void> {
    await removeTree(this.#tools.paths.journal(id, operationId));
    // While the operation was under way, that decided about the playground; now it is what it is.
    this.#report(id);
  }

  /**
   * Destroys a playground; goes on trying until nothing is left, and cannot be cancelled. One that is not there is
   * already destroyed.
   */
  async destroy(id: string, operationId: string, reporter: OperationReporter): Promise<void> {
    const { signal } = new AbortController();
    this.#tasks.of(id).halt();
    if (this.#tools.records.sick.has(id)) {
      for (const line of await removeByTag(this.#tools, id)) reporter.log(line);
      this.#tools.records.forgetSick(id);
    }
    while (this.#tools.records.get(id)) {
      try {
        await this.#setState(id, { state: 'destroying' });
        const journal = await Journal.open(this.#tools.paths.journal(id, operationId));
        const procedure = {
          kind: 'playground.destroy',
          steps: destroySteps,
          context: this.#keeper.context(id),
          journal,
        };
        try {
          await runProcedure({ ...procedure, reporter, signal });
        } finally {
          await journal.discard();
        }
      } catch (error) {
        reporter.log(`trying again: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, destroyRetryMs));
      }
    }
    for (const label of this.destroyLabels) reporter.skip(label);
    this.#tasks.drop(id);
    this.#tell({
      playgroundId: id,
      revision: ++this.#revision,
      state: 'destroyed',
      machines: [],
      tasks: [],
      services: [],
      snapshotId: null,
      suspended: false,
      error: null,
    });
  }

  /** Lets go of all machines: they run on. */
  release(): void {
    this.#tasks.haltAll();
    this.#keeper.release();
  }

  async #setState(
    id: string,
    change: Pick<PlaygroundRecord, 'state'> & Partial<PlaygroundRecord>,
  ): Promise<void> {
    const record = this.#tools.records.get(id);
    if (record) await this.#tools.records.save({ ...record, ...change });
    this.#report(id);
  }

  #report(id: string): void {
    const record = this.#tools.records.get(id);
    if (!record) return;
    const machines = describeMachines(record, planPlayground(record, this.#tools.settings));
    const tasks = this.#tasks.of(id).describe();
    const { state, snapshotId, error } = record;
    const suspended = state === 'stopped' && record.machines.some(({ resumes }) => resumes);
    const revision = ++this.#revision;
    this.#tell({
      playgroundId: id,
      revision,
      state,
      machines,
      tasks,
      services: [],
      snapshotId,
      suspended,
      error,
    });
  }
}
