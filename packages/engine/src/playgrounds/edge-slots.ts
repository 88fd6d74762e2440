import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { freeSlot } from '../networks/edge-address.ts';
import type { PlayroomTools } from './playroom-tools.ts';

/** Hands out the slices of the edge range. A playground keeps its own for as long as it has a record, running or not. */
export class EdgeSlots {
  readonly #tools: Pick<PlayroomTools, 'records' | 'networks' | 'settings'>;
  /** Slots that were chosen but are in no record yet. */
  readonly #reserved = new Set<number>();

  constructor(tools: Pick<PlayroomTools, 'records' | 'networks' | 'settings'>) {
    this.#tools = tools;
  }

  /**
   * A slot that is nobody’s. It stays reserved until `recorded` is told of it. Nothing is awaited: two starts never choose the same.
   * @throws PlayhouseError addresses-exhausted
   */
  take(): number {
    const { records, networks, settings } = this.#tools;
    const hostAddresses = networks.hostAddresses();
    const used = new Set([...records.all().map(({ slot }) => slot), ...this.#reserved]);
    const slot = freeSlot(settings.edgeRange, used, hostAddresses);
    if (slot === null) throw new PlayhouseError('addresses-exhausted', { range: settings.edgeRange });
    this.#reserved.add(slot);
    return slot;
  }

  /** A record says now whose it is, or it was given up. */
  recorded(slot: number): void {
    this.#reserved.delete(slot);
  }
}
