// A playground whose writer is listened to, and what must hold of it whatever happened.
import { setTimeout } from 'node:timers/promises';
import type { Client } from '@playhouse/contract/routes/client';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Playground } from '@playhouse/contract/playground';
import type { Installation } from '../end-to-end/support/installation.ts';
import { Listener } from './listener.ts';

/** How long a writer that runs may need until something of it is heard. */
const hearingMs = 20_000;
const restless: ReadonlySet<string> = new Set(['pending', 'in_progress', 'stopping', 'destroying']);

/** Something that must hold does not. */
export class Broken extends Error {}

export class Subject implements Disposable {
  readonly id: string;
  readonly listener: Listener;
  readonly #installation: Installation;

  private constructor(installation: Installation, id: string, listener: Listener) {
    this.#installation = installation;
    this.id = id;
    this.listener = listener;
  }

  /** Listens to a playground that runs. */
  static async hear(installation: Installation, id: string): Promise<Subject> {
    const { machines } = await installation.playground(id);
    const address = machines[0]?.edgeAddress;
    if (!address) throw new Broken(`${id} has no address`);
    return new Subject(installation, id, new Listener(installation.inNetns, address));
  }

  get parameters(): { readonly playground: string } {
    return { playground: this.id };
  }

  /**
   * Has it run again with what an owner would do, whatever it is at, and proves that nothing is lost: everything that was
   * acknowledged is on its drives, and `floor` at least.
   * @throws Broken when it cannot be brought to run, writes nothing more, or lacks something
   */
  async proveSound(floor = this.listener.acknowledged): Promise<void> {
    await this.#run();
    let goesOn = await this.listener.goesOn(hearingMs);
    if (!goesOn) {
      // That its machine was killed is known a moment later: its owner sees it then, and has it run again.
      await this.#run();
      goesOn = await this.listener.goesOn(hearingMs);
    }
    if (!goesOn) {
      const { status, machines } = await this.#atRest();
      throw new Broken(`it is ${status}, its machine ${machines[0]?.state}, but nothing is written any more`);
    }
    const checked = await this.listener.check(hearingMs);
    if (checked === null) throw new Broken('its writer does not say what is on its drives');
    if (checked.problem !== 'ok') throw new Broken(`of ${checked.highest} records: ${checked.problem}`);
    if (checked.highest < floor) throw new Broken(`record ${floor} is lost: there are ${checked.highest}`);
  }

  async #run(): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const { status, machines, error } = await this.#atRest();
      const client = await this.#installation.client();
      const { parameters } = this;
      if (status === 'running') {
        const off = machines.find(({ state }) => state === 'stopped' || state === 'failed');
        if (!off) return;
        const machine = { ...parameters, machine: off.name };
        await this.#well(client, async () => await client('machine.restart', { parameters: machine }));
      } else if (status === 'stopped') {
        await this.#well(client, async () => await client('playground.restart', { parameters }));
      } else if (status === 'error') {
        await this.#well(client, async () => await client('playground.retry', { parameters }));
      } else throw new Broken(`it is ${status}: ${JSON.stringify(error)}`);
    }
    throw new Broken('it does not come to run');
  }

  /** What goes on with nothing wrong any more succeeds at the first attempt. */
  async #well(
    _: Client,
    begin: () => Promise<{ readonly operation: { readonly id: string } }>,
  ): Promise<void> {
    const { operation } = await begin().catch((error: unknown) => {
      throw new Broken(`it cannot be taken up again: ${String(error)}`);
    });
    const { kind, status, error } = await this.#installation.ended(operation.id);
    if (status !== 'succeeded') throw new Broken(`${kind} ${status}: ${JSON.stringify(error)}`);
  }

  /** The playground once nothing is done with it. */
  async #atRest(): Promise<Playground> {
    const deadline = performance.now() + 120_000;
    for (;;) {
      const found = await this.#installation.playground(this.id).catch((error: unknown) => {
        if (error instanceof PlayhouseError && error.code === 'playground-unknown') throw error;
        return null;
      });
      if (found && !restless.has(found.status)) return found;
      if (performance.now() > deadline) throw new Broken(`it is ${found?.status ?? 'out of reach'} for ever`);
      await setTimeout(100);
    }
  }

  [Symbol.dispose](): void {
    this.listener[Symbol.dispose]();
  }
}
