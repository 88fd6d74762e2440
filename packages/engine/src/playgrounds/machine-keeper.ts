// Keeps an eye on the machines of this playroom: adopts those that an earlier engine started, hears of their ends, and boots
// again those that ended because the host or their guest was restarted. Must never believe its memory over the records, nor the
// records over the host.
import type { MachineEnd, RunningMachine } from '../machines/machine-driver.ts';
import { hostBootId } from '../system/process-identity.ts';
import type { Supervisors } from '../tasks/supervisors.ts';
import { bootAgain, type Housekeeping } from './boot-again.ts';
import { settleCut } from './cut/settle-cut.ts';
import { machineFiles } from './machine-specification.ts';
import { type PlannedMachine, planPlayground } from './playground-plan.ts';
import type { MachineRecord, PlaygroundRecord } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';
import { bootMachines } from './start/boot-machines.ts';
import type { StartContext } from './start/start-context.ts';
import { waitForSsh } from './start/wait-for-ssh.ts';
import { wireNetworks } from './start/wire-networks.ts';
import { WatchedMachines } from './watched-machines.ts';

/** What it takes to bring machines back whose drives are still there. */
const reviveSteps = [wireNetworks, bootMachines, waitForSsh];
/** The same for one machine whose network is still there. */
const rebootSteps = [bootMachines, waitForSsh];
/** A guest that wants to be restarted sooner after its start than this would do so for ever: it stays off. */
const shortestLifeMs = 10_000;

export interface KeeperVoice {
  /** Something of the playground is not as it was. */
  readonly changed: (id: string) => void;
  /** Machines of the playground could not be booted again. */
  readonly failed: (id: string, error: PlaygroundRecord['error']) => Promise<void>;
}

export class MachineKeeper {
  readonly #tools: PlayroomTools;
  readonly #tasks: Supervisors;
  readonly #voice: KeeperVoice;
  readonly #watched = new WatchedMachines();
  /** Machines of running playgrounds that were running when the host went down. */
  readonly #lostToReboot = new Map<string, Set<string>>();
  #housekeeping: Housekeeping | null = null;

  constructor(tools: PlayroomTools, tasks: Supervisors, voice: KeeperVoice) {
    this.#tools = tools;
    this.#tasks = tasks;
    this.#voice = voice;
  }

  /** What the steps of an operation on a playground work with. */
  context(id: string): StartContext {
    return {
      tools: this.#tools,
      id,
      tasks: this.#tasks.of(id),
      answering: new Map(),
      changed: () => this.#voice.changed(id),
      watch: (machine, running) => this.#watch(id, machine, running),
      running: (machine) => this.#watched.get(id, machine),
      ended: async (machine) => await this.#watched.ended(id, machine),
      expectEnd: (machine) => this.#watched.expectEnd(id, machine),
      unwatch: (machine) => this.#watched.unwatch(id, machine),
    };
  }

  /** Takes up the machines that still run, and says what became of the others. */
  async adopt(): Promise<void> {
    for (const record of this.#tools.records.all()) {
      const plan = planPlayground(record, this.#tools.settings);
      for (const machine of plan.machines) await this.#adoptMachine(record, machine);
      // Whoever cuts or boots its machines next tries again. Machines that are held stay so.
      if (!record.order.spare || record.cut !== null)
        await settleCut(this.context(record.order.id)).catch(() => {});
      this.#voice.changed(record.order.id);
    }
  }

  /**
   * From now on machines are booted again that ended because the host or the guest itself was restarted. The queue keeps
   * operations on a playground out of the way meanwhile, and aborts when one wants it gone.
   */
  async keepHouse(housekeeping: Housekeeping): Promise<void> {
    this.#housekeeping = housekeeping;
    for (const { order, state } of this.#tools.records.all()) {
      if (state === 'running' && !order.spare) await this.#tasks.of(order.id).begin();
    }
    const lost = [...this.#lostToReboot];
    this.#lostToReboot.clear();
    await Promise.all(lost.map(async ([id, only]) => await this.#bootAgain(id, only, reviveSteps)));
  }

  /** Lets go of all machines: they run on. */
  release(): void {
    this.#watched.release();
  }

  async #bootAgain(id: string, names: ReadonlySet<string>, steps: typeof reviveSteps): Promise<void> {
    if (!this.#housekeeping) return;
    const failed = async (error: PlaygroundRecord['error']) => await this.#voice.failed(id, error);
    await bootAgain(this.#housekeeping, this.context(id), names, steps, failed);
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
    this.#voice.changed(id);
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
    const lost = record.state === 'running' && isLost(known);
    // One that stands by is made anew by who wants it: booted, it would be no better than a start.
    if (lost && !record.order.spare) {
      this.#lostToReboot.set(id, new Set([...(this.#lostToReboot.get(id) ?? []), name]));
      await records.saveMachine(id, name, { state: 'pending', process: null });
    } else if (process || lost) await records.saveMachine(id, name, { state: 'stopped', process: null });
  }
}

/** True for a machine that nobody turned off: the host went down, or the engine while it booted the machine again. */
function isLost({ process, state }: MachineRecord): boolean {
  return process === null ? state === 'pending' || state === 'booting' : process.bootId !== hostBootId();
}
