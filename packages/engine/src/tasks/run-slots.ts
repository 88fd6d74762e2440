// How many scripts run in one machine at the same time. Its agent runs 64 commands at most, and has other users.
import type { PlannedTask } from '@playhouse/contract/manifest/select-tasks';
import pLimit from 'p-limit';

/** Tasks that hold up the start never wait for those that run all the time. */
const slots = { init: 16, looped: 32 } as const;

export class RunSlots {
  readonly #limits = new Map<string, ReturnType<typeof pLimit>>();

  /** Does a task’s work when its machine has a slot for it. */
  async take<T>(
    { machine, kind }: Pick<PlannedTask, 'machine' | 'kind'>,
    work: () => Promise<T>,
  ): Promise<T> {
    const sort = kind === 'init' ? 'init' : 'looped';
    const key = `${sort}/${machine}`;
    const limit = this.#limits.get(key) ?? pLimit(slots[sort]);
    this.#limits.set(key, limit);
    return await limit(work);
  }
}
