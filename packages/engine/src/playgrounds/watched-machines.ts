import type { MachineEnd, RunningMachine } from '../machines/machine-driver.ts';

/** The running machines that this engine keeps its eyes on. */
export class WatchedMachines {
  readonly #watched = new Map<string, RunningMachine>();
  /** Those that were told to end. */
  readonly #leaving = new WeakSet<RunningMachine>();

  /** `onEnd` is called when the machine ends by itself, and never after it was told to, unwatched or watched anew. */
  watch(id: string, machine: string, running: RunningMachine, onEnd: (end: MachineEnd) => void): void {
    this.unwatch(id, machine);
    const key = `${id}/${machine}`;
    this.#watched.set(key, running);
    void running.ended.then((end) => {
      if (this.#watched.get(key) !== running) return;
      this.#watched.delete(key);
      if (!this.#leaving.has(running)) onEnd(end);
    });
  }

  get(id: string, machine: string): RunningMachine | undefined {
    return this.#watched.get(`${id}/${machine}`);
  }

  /** From now on the machine’s end is nobody’s surprise; until then it is looked after. */
  expectEnd(id: string, machine: string): void {
    const running = this.get(id, machine);
    if (running) this.#leaving.add(running);
  }

  /** Lets go of the machine, whatever becomes of it. */
  unwatch(id: string, machine: string): void {
    this.#watched.get(`${id}/${machine}`)?.release();
    this.#watched.delete(`${id}/${machine}`);
  }

  /** Settles when the machine ends by itself; at once when nobody watches it. */
  async ended(id: string, machine: string): Promise<unknown> {
    return await this.#watched.get(`${id}/${machine}`)?.ended;
  }

  /** Lets go of all: they run on. */
  release(): void {
    for (const running of this.#watched.values()) running.release();
    this.#watched.clear();
  }
}
