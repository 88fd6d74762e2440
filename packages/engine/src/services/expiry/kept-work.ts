import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { KeptReason } from '@playhouse/contract/service';
import type { ServicesTools } from '../services-context.ts';
import type { ServicesWork } from '../services-work.ts';
import { findWork } from './find-work.ts';

const none: ReadonlyMap<string, KeptReason> = new Map();

/** Decides whether a playground can go when its time is over, and knows for whose work it was kept. */
export class KeptWork {
  readonly #tools: ServicesTools;
  readonly #changed: (id: string) => void;
  readonly #found = new Map<string, ReadonlyMap<string, KeptReason>>();

  constructor(tools: ServicesTools, changed: (id: string) => void) {
    this.#tools = tools;
    this.#changed = changed;
  }

  /** What was found last, by service. */
  of(id: string): ReadonlyMap<string, KeptReason> {
    return this.#found.get(id) ?? none;
  }

  /** Looks at all checkouts, whatever the playground does just now. */
  async look(id: string): Promise<ReadonlyMap<string, KeptReason>> {
    const found = await findWork({ tools: this.#tools, id });
    const before = this.of(id);
    this.#found.set(id, found);
    if (!isDeepStrictEqual(before, found)) this.#changed(id);
    return found;
  }

  /**
   * Looks at the last moment before a playground is destroyed. Silent for one whose destruction has begun: it only goes forward.
   * @throws PlayhouseError work-kept
   */
  async requireNone({ id, operationId }: Pick<ServicesWork, 'id' | 'operationId'>): Promise<void> {
    const { records } = this.#tools;
    const record = records.find(id);
    if (record?.state === 'destroying' || existsSync(records.files(id).journal(operationId))) return;
    const found = await this.look(id);
    if (found.size === 0) return;
    const playground = record === null ? id : projectName(record.order);
    throw new PlayhouseError('work-kept', { playground, services: [...found.keys()].join(', ') });
  }

  forget(id: string): void {
    this.#found.delete(id);
  }
}
