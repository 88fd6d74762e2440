import type { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { TaskSupervisor } from './task-supervisor.ts';
import type { TaskTools } from './task-tools.ts';

export interface SupervisorEvents {
  readonly changed: (playground: string) => void;
  readonly failed: (playground: string, error: PlayhouseError) => Promise<void>;
}

/** The supervisor of each playground’s init tasks; one is made when it is first asked for. */
export class Supervisors {
  readonly #tools: TaskTools;
  readonly #events: SupervisorEvents;
  readonly #known = new Map<string, TaskSupervisor>();

  constructor(tools: TaskTools, events: SupervisorEvents) {
    this.#tools = tools;
    this.#events = events;
  }

  of(id: string): TaskSupervisor {
    const known = this.#known.get(id);
    if (known) return known;
    const supervisor = new TaskSupervisor(this.#tools, id, {
      changed: () => this.#events.changed(id),
      failed: async (error) => await this.#events.failed(id, error),
    });
    this.#known.set(id, supervisor);
    return supervisor;
  }

  /** Ends what runs and forgets the playground: it is being destroyed. */
  drop(id: string): void {
    this.#known.get(id)?.halt();
    this.#known.delete(id);
  }

  haltAll(): void {
    for (const supervisor of this.#known.values()) supervisor.halt();
  }
}
