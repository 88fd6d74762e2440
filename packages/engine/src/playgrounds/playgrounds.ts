// The playgrounds of this playroom: carries out starts and destroys, keeps an eye on machines, adopts those that an earlier
// engine started. Must never believe its memory over its records, nor its records over the host.
import { PlayhouseError, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import type { PlaygroundOrder } from '@playhouse/contract/link/command';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { RunningMachine } from '../machines/machine-driver.ts';
import { freeSlot } from '../networks/edge-address.ts';
import { Journal } from '../operations/journal.ts';
import type { OperationQueue } from '../operations/operation-queue.ts';
import type { OperationReporter } from '../operations/operation-reporter.ts';
import { runProcedure } from '../operations/procedure.ts';
import { quietVoice } from '../operations/step.ts';
import { destroySteps } from './destroy/destroy-steps.ts';
import { removeByTag } from './janitor.ts';
import { machineFiles } from './machine-specification.ts';
import { describeMachines, planPlayground } from './playground-plan.ts';
import type { PlaygroundRecord } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';
import { type StartContext } from './start/start-context.ts';
import { bootMachines } from './start/boot-machines.ts';
import { startSteps } from './start/start-steps.ts';
import { waitForSsh } from './start/wait-for-ssh.ts';
import { wireNetworks } from './start/wire-networks.ts';
import { isDiskFull, removeTree } from '../system/durable-file.ts';
import { hostBootId } from '../system/process-identity.ts';
import type { Logger } from 'pino';

const destroyRetryMs = 2000;

/** What it takes to bring machines back whose drives are still there. */
const reviveSteps = [wireNetworks, bootMachines, waitForSsh];
/** The same for one machine whose network is still there. */
const rebootSteps = [bootMachines, waitForSsh];
/** A guest that wants to be restarted sooner after its start than this would do so for ever: it stays off. */
const shortestLifeMs = 10_000;

interface Housekeeping {
  readonly queue: Pick<OperationQueue, 'runUnasked'>;
  readonly log: Logger;
}

export class Playgrounds {
  readonly #tools: PlayroomTools;
  readonly #tell: (report: PlaygroundReport) => void;
  #revision: number;
  /** Machines under watch, by playground and machine. */
  readonly #watched = new Map<string, RunningMachine>();
  /** Machines of running playgrounds that were running when the host went down. */
  readonly #lostToReboot = new Map<string, Set<string>>();
  #housekeeping: Housekeeping | null = null;
  /** Slots that were chosen but are in no record yet. */
  readonly #reservedSlots = new Set<number>();

  /** `tell` gets the whole state of a playground after every change; revisions grow from `firstRevision`. */
  constructor(tools: PlayroomTools, tell: (report: PlaygroundReport) => void, firstRevision: number) {
    this.#tools = tools;
    this.#tell = tell;
    this.#revision = firstRevision;
  }

  readonly startLabels = startSteps.map(({ label }) => label);
  readonly destroyLabels = destroySteps.map(({ label }) => label);

  /** Takes up the machines that still run, and says what became of the others. */
  async adopt(): Promise<void> {
    for (const record of this.#tools.records.all()) {
      const plan = planPlayground(record, this.#tools.settings);
      for (const machine of plan.machines) await this.#adoptMachine(record, machine.index);
      this.#report(record.order.id);
    }
  }

  /**
   * From now on machines are booted again that ended because the host or the guest itself was restarted. The queue keeps
   * operations on a playground out of the way meanwhile, and aborts when one wants it gone.
   */
  async keepHouse(housekeeping: Housekeeping): Promise<void> {
    this.#housekeeping = housekeeping;
    const lost = [...this.#lostToReboot];
    this.#lostToReboot.clear();
    await Promise.all(lost.map(async ([id, only]) => await this.#bootAgain(id, only, reviveSteps)));
  }

  /** Boots machines again, outside any operation; a failure leaves the playground in `error`, and nothing of it undone. */
  async #bootAgain(id: string, only: ReadonlySet<string>, steps: typeof reviveSteps): Promise<void> {
    const { queue, log } = this.#housekeeping ?? {};
    await queue?.runUnasked(id, async (signal) => {
      const voice = quietVoice((line) => log?.info({ playground: id }, line), signal);
      const context = { ...this.#context(id), only };
      let step = steps[0]?.label ?? null;
      try {
        for (const next of steps) {
          if (signal.aborted || !this.#tools.records.get(id)) return;
          step = next.label;
          await next.run(context, voice);
        }
        this.#report(id);
      } catch (error) {
        if (signal.aborted) return;
        log?.error({ playground: id, err: error }, 'a machine could not be booted again');
        await bootMachines.undo?.(context);
        const { code, message, hint } = toErrorBody(error);
        await this.#setState(id, { state: 'error', error: { code, message, hint, step } });
      }
    });
  }

  /** Carries out a start, or goes on with one that an earlier engine began. */
  async start(
    order: PlaygroundOrder,
    operationId: string,
    reporter: OperationReporter,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      await this.#register(order);
      const journal = await Journal.open(this.#tools.paths.journal(order.id, operationId));
      const context = this.#context(order.id);
      try {
        const procedure = { kind: 'playground.start', steps: startSteps, context, journal };
        await runProcedure({ ...procedure, reporter, signal });
      } finally {
        await journal.close();
      }
      await this.#setState(order.id, { state: 'running', error: null, established: true });
    } catch (thrown) {
      const { root: path } = this.#tools.paths;
      const error = isDiskFull(thrown)
        ? new PlayhouseError('disk-full', { path }, { cause: thrown })
        : thrown;
      // What made it fail is worth more than that it could not be written down.
      await this.#setState(order.id, { state: 'error', error: reporter.describe(error) }).catch(() => {});
      throw error;
    }
  }

  async #register(order: PlaygroundOrder): Promise<void> {
    const { records } = this.#tools;
    const known = records.get(order.id);
    const slot = known?.slot ?? (await this.#takeSlot());
    const names = order.manifest.playground.machines?.map(({ name }) => name) ?? [];
    const machines = known?.machines ?? names.map(newMachine);
    try {
      const established = known?.established ?? false;
      await records.save({ order, slot, state: 'starting', established, error: null, machines });
    } finally {
      this.#reservedSlots.delete(slot);
    }
    this.#report(order.id);
  }

  /** Deletes the journal of a start that is over. Until then a repeated start knows by it that nothing is left to do. */
  async forgetStart(id: string, operationId: string): Promise<void> {
    await removeTree(this.#tools.paths.journal(id, operationId));
  }

  /**
   * Destroys a playground; goes on trying until nothing is left, and cannot be cancelled. One that is not there is
   * already destroyed.
   */
  async destroy(id: string, operationId: string, reporter: OperationReporter): Promise<void> {
    const { signal } = new AbortController();
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
    this.#tell({
      playgroundId: id,
      revision: ++this.#revision,
      state: 'destroyed',
      machines: [],
      error: null,
    });
  }

  /** Lets go of all machines: they run on. */
  release(): void {
    for (const running of this.#watched.values()) running.release();
    this.#watched.clear();
  }

  #context(id: string): StartContext {
    return {
      tools: this.#tools,
      id,
      answering: new Map(),
      changed: () => this.#report(id),
      watch: (machine, running) => this.#watch(id, machine, running),
      ended: async (machine) => await this.#watched.get(`${id}/${machine}`)?.ended,
      unwatch: (machine) => this.#unwatch(id, machine),
    };
  }

  #watch(id: string, machine: string, running: RunningMachine, since = performance.now()): void {
    this.#unwatch(id, machine);
    this.#watched.set(`${id}/${machine}`, running);
    void running.ended.then(async (end) => {
      if (this.#watched.get(`${id}/${machine}`) !== running) return;
      this.#watched.delete(`${id}/${machine}`);
      const restarts = end === 'reset' && this.#tools.records.get(id)?.state === 'running';
      if (restarts && performance.now() - since > shortestLifeMs) {
        void this.#bootAgain(id, new Set([machine]), rebootSteps);
        return;
      }
      // Not on disk is not lost: whoever reads the old record finds that the process has ended.
      await this.#tools.records.saveMachine(id, machine, { state: 'stopped', process: null }).catch(() => {});
      this.#report(id);
    });
  }

  #unwatch(id: string, machine: string): void {
    this.#watched.get(`${id}/${machine}`)?.release();
    this.#watched.delete(`${id}/${machine}`);
  }

  async #adoptMachine(record: PlaygroundRecord, index: number): Promise<void> {
    const { paths, driver, records, settings } = this.#tools;
    const [machine, machineRecord] = [
      planPlayground(record, settings).machines[index],
      record.machines[index],
    ];
    if (!machine || !machineRecord?.process) return;
    const { id } = record.order;
    const { name } = machineRecord;
    const running = await driver.adopt(machineFiles(paths, id, machine), { process: machineRecord.process });
    // It came up under an earlier engine: whatever it does now, it does not do it at every boot.
    if (running) this.#watch(id, name, running, Number.NEGATIVE_INFINITY);
    else {
      await records.saveMachine(id, name, { state: 'stopped', process: null });
      if (record.state === 'running' && machineRecord.process.bootId !== hostBootId())
        this.#lostToReboot.set(id, new Set([...(this.#lostToReboot.get(id) ?? []), name]));
    }
  }

  async #takeSlot(): Promise<number> {
    const { records, networks, settings } = this.#tools;
    const hostAddresses = await networks.hostAddresses();
    // From here to the reservation nothing is awaited: two starts never choose the same slot.
    const used = new Set([...records.all().map(({ slot }) => slot), ...this.#reservedSlots]);
    const slot = freeSlot(settings.edgeRange, used, hostAddresses);
    if (slot === null) throw new PlayhouseError('addresses-exhausted', { range: settings.edgeRange });
    this.#reservedSlots.add(slot);
    return slot;
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
    const { state, error } = record;
    this.#tell({ playgroundId: id, revision: ++this.#revision, state, machines, error });
  }
}

function newMachine(name: string): PlaygroundRecord['machines'][number] {
  return { name, state: 'pending', layer: null, hostKey: null, boots: 0, process: null };
}
