// The playgrounds of this playroom: carries out what changes them, keeps an eye on machines, adopts those that an earlier
// engine started. Must never believe its memory over its records, nor its records over the host.
import { PlayhouseError, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { MachineEnd, RunningMachine } from '../machines/machine-driver.ts';
import { Journal } from '../operations/journal.ts';
import type { OperationReporter } from '../operations/operation-reporter.ts';
import { runProcedure } from '../operations/procedure.ts';
import type { Step } from '../operations/step.ts';
import { bootAgain, type Housekeeping } from './boot-again.ts';
import { destroySteps } from './destroy/destroy-steps.ts';
import { EdgeSlots } from './edge-slots.ts';
import { removeByTag } from './janitor.ts';
import { machineFiles } from './machine-specification.ts';
import { describeMachines, type PlannedMachine, planPlayground } from './playground-plan.ts';
import type { MachineRecord, PlaygroundRecord } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';
import { registerPlayground } from './register-playground.ts';
import { type StartContext } from './start/start-context.ts';
import { bootMachines } from './start/boot-machines.ts';
import { startStepsOf } from './start/start-steps.ts';
import { waitForSsh } from './start/wait-for-ssh.ts';
import { wireNetworks } from './start/wire-networks.ts';
import { WatchedMachines } from './watched-machines.ts';
import { isTaskFailure } from '../tasks/task-failure.ts';
import { Supervisors } from '../tasks/supervisors.ts';
import { isDiskFull, removeTree } from '../system/durable-file.ts';
import { hostBootId } from '../system/process-identity.ts';

const destroyRetryMs = 2000;

/** What it takes to bring machines back whose drives are still there. */
const reviveSteps = [wireNetworks, bootMachines, waitForSsh];
/** The same for one machine whose network is still there. */
const rebootSteps = [bootMachines, waitForSsh];
/** A guest that wants to be restarted sooner after its start than this would do so for ever: it stays off. */
const shortestLifeMs = 10_000;

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
  readonly #watched = new WatchedMachines();
  readonly #slots: EdgeSlots;
  readonly #tasks: Supervisors;
  /** Machines of running playgrounds that were running when the host went down. */
  readonly #lostToReboot = new Map<string, Set<string>>();
  #housekeeping: Housekeeping | null = null;

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
  }

  readonly destroyLabels = destroySteps.map(({ label }) => label);

  /** Takes up the machines that still run, and says what became of the others. */
  async adopt(): Promise<void> {
    for (const record of this.#tools.records.all()) {
      const plan = planPlayground(record, this.#tools.settings);
      for (const machine of plan.machines) await this.#adoptMachine(record, machine);
      this.#report(record.order.id);
    }
  }

  /**
   * From now on machines are booted again that ended because the host or the guest itself was restarted. The queue keeps
   * operations on a playground out of the way meanwhile, and aborts when one wants it gone.
   */
  async keepHouse(housekeeping: Housekeeping): Promise<void> {
    this.#housekeeping = housekeeping;
    for (const { order, state } of this.#tools.records.all()) {
      if (state === 'running') await this.#tasks.of(order.id).begin();
    }
    const lost = [...this.#lostToReboot];
    this.#lostToReboot.clear();
    await Promise.all(lost.map(async ([id, only]) => await this.#bootAgain(id, only, reviveSteps)));
  }

  async #bootAgain(id: string, names: ReadonlySet<string>, steps: typeof reviveSteps): Promise<void> {
    if (!this.#housekeeping) return;
    const failed = async (error: PlaygroundRecord['error']) =>
      await this.#setState(id, { state: 'error', error });
    await bootAgain(this.#housekeeping, this.#context(id), names, steps, failed);
  }

  /**
   * Carries out a start, or goes on with one that an earlier engine began. Drives that were in use before are taken up as
   * they are.
   */
  async start(order: PlaygroundOrder, work: Work): Promise<void> {
    await this.#orError(work, async () => {
      await registerPlayground(this.#tools.records, this.#slots, order);
      this.#report(order.id);
      await this.#carryOut(startStepsOf(order), this.#context(order.id), work);
      await this.#setState(order.id, { state: 'running', error: null, established: true });
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
      await this.#carryOut(steps, this.#context(id), work);
      await this.#setState(id, { state: 'stopped', error: null });
    });
  }

  /** Carries out an operation on one machine. When it fails the machine says so; the playground goes on. */
  async operate(machine: string, steps: readonly Step<StartContext>[], work: Work): Promise<void> {
    try {
      await this.#carryOut(steps, { ...this.#context(work.id), only: new Set([machine]) }, work);
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
      const { root: path } = this.#tools.paths;
      const error = isDiskFull(thrown)
        ? new PlayhouseError('disk-full', { path }, { cause: thrown })
        : thrown;
      // What made it fail is worth more than that it could not be written down.
      const failure = reporter.describe(error);
      // What a failed task leaves standing holds what was written, as does a playground that ran.
      const kept = isTaskFailure(failure) ? { established: true } : {};
      await this.#setState(id, { state: 'error', error: failure, ...kept }).catch(() => {});
      throw error;
    }
  }

  /** Deletes the journal of work that is over. Until then a repetition knows by it that nothing is left to do. */
  async forget({ id, operationId }: Pick<Work, 'id' | 'operationId'>): Promise<void> {
    await removeTree(this.#tools.paths.journal(id, operationId));
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
          context: this.#context(id),
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
      error: null,
    });
  }

  /** Lets go of all machines: they run on. */
  release(): void {
    this.#tasks.haltAll();
    this.#watched.release();
  }

  #context(id: string): StartContext {
    return {
      tools: this.#tools,
      id,
      tasks: this.#tasks.of(id),
      answering: new Map(),
      changed: () => this.#report(id),
      watch: (machine, running) => this.#watch(id, machine, running),
      ended: async (machine) => await this.#watched.ended(id, machine),
      unwatch: (machine) => this.#watched.unwatch(id, machine),
    };
  }

  #watch(id: string, machine: string, running: RunningMachine, since = performance.now()): void {
    this.#watched.watch(id, machine, running, (end) => void this.#ended(id, machine, end, since));
  }

  async #ended(id: string, machine: string, end: MachineEnd, since: number): Promise<void> {
    const restarts = end === 'reset' && this.#tools.records.get(id)?.state === 'running';
    if (restarts && performance.now() - since > shortestLifeMs)
      return await this.#bootAgain(id, new Set([machine]), rebootSteps);
    // Not on disk is not lost: whoever reads the old record finds that the process has ended.
    await this.#tools.records.saveMachine(id, machine, { state: 'stopped', process: null }).catch(() => {});
    this.#report(id);
  }

  async #adoptMachine(record: PlaygroundRecord, { index }: PlannedMachine): Promise<void> {
    const { paths, driver, records, settings } = this.#tools;
    const [machine, known] = [planPlayground(record, settings).machines[index], record.machines[index]];
    if (!machine || !known) return;
    const { id } = record.order;
    const { name, process } = known;
    // It came up under an earlier engine: whatever it does now, it does not do it at every boot.
    const running = process && (await driver.adopt(machineFiles(paths, id, machine), { process }));
    if (running) return this.#watch(id, name, running, Number.NEGATIVE_INFINITY);
    if (record.state === 'running' && isLost(known)) {
      this.#lostToReboot.set(id, new Set([...(this.#lostToReboot.get(id) ?? []), name]));
      await records.saveMachine(id, name, { state: 'pending', process: null });
    } else if (process) await records.saveMachine(id, name, { state: 'stopped', process: null });
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
    const { state, error } = record;
    this.#tell({ playgroundId: id, revision: ++this.#revision, state, machines, tasks, error });
  }
}

/** True for a machine that nobody turned off: the host went down, or the engine while it booted the machine again. */
function isLost({ process, state }: MachineRecord): boolean {
  return process === null ? state === 'pending' || state === 'booting' : process.bootId !== hostBootId();
}
