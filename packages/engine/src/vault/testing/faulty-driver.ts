// A vault that misbehaves on purpose, in ways drawn by a seed: for tests that nothing which comes back is trusted, and that
// whatever failed can be done again.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { VaultDriver, VaultObject } from '../vault-driver.ts';

export const faults = [
  'error',
  'refusal',
  'full',
  'lost-answer',
  'truncate',
  'flip',
  'vanish',
  'swap',
] as const;
export type Fault = (typeof faults)[number];

export interface FaultPlan {
  /** From 0 to 1: how often an operation goes wrong. */
  readonly rate: number;
  readonly kinds: readonly Fault[];
  /** Numbers from 0 to 1, the same for the same seed. */
  readonly random: () => number;
}

export class FaultyDriver implements VaultDriver {
  readonly where: string;
  /** What went wrong so far, in order. */
  readonly done: string[] = [];
  plan: FaultPlan;
  readonly #inner: VaultDriver;

  constructor(inner: VaultDriver, plan: FaultPlan) {
    this.#inner = inner;
    this.where = inner.where;
    this.plan = plan;
  }

  async put(key: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const fault = this.#draw('put', key, ['error', 'refusal', 'full', 'lost-answer']);
    if (fault !== null && fault !== 'lost-answer') throw this.#failure(fault);
    await this.#inner.put(key, bytes, signal);
    if (fault) throw this.#failure('error');
  }

  async get(key: string, signal?: AbortSignal): Promise<Buffer | null> {
    const fault = this.#draw('get', key, ['error', 'refusal', 'truncate', 'flip', 'vanish', 'swap']);
    if (fault === 'error' || fault === 'refusal') throw this.#failure(fault);
    if (fault === 'vanish') return null;
    const bytes = await this.#inner.get(fault === 'swap' ? await this.#another(key) : key, signal);
    if (!bytes || bytes.byteLength === 0) return bytes;
    const at = Math.floor(this.plan.random() * bytes.byteLength);
    if (fault === 'truncate') return bytes.subarray(0, at);
    if (fault === 'flip') bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(this.plan.random() * 8));
    return bytes;
  }

  async has(key: string, signal?: AbortSignal): Promise<boolean> {
    const fault = this.#draw('has', key, ['error', 'refusal']);
    if (fault) throw this.#failure(fault);
    return await this.#inner.has(key, signal);
  }

  async *list(prefix: string, signal?: AbortSignal): AsyncIterable<VaultObject> {
    const fault = this.#draw('list', prefix, ['error', 'refusal']);
    for await (const object of this.#inner.list(prefix, signal)) {
      // In the middle, after some have been given.
      if (fault && this.plan.random() < 0.5) throw this.#failure(fault);
      yield object;
    }
    if (fault) throw this.#failure(fault);
  }

  async remove(key: string, signal?: AbortSignal): Promise<void> {
    const fault = this.#draw('remove', key, ['error', 'refusal', 'lost-answer']);
    if (fault === 'error' || fault === 'refusal') throw this.#failure(fault);
    await this.#inner.remove(key, signal);
    if (fault) throw this.#failure('error');
  }

  close(): void {
    this.#inner.close();
  }

  #draw(operation: string, key: string, possible: readonly Fault[]): Fault | null {
    const kinds = this.plan.kinds.filter((kind) => possible.includes(kind));
    if (kinds.length === 0 || this.plan.random() >= this.plan.rate) return null;
    const fault = kinds[Math.floor(this.plan.random() * kinds.length)] ?? null;
    this.done.push(`${operation} ${key}: ${fault ?? ''}`);
    return fault;
  }

  async #another(key: string): Promise<string> {
    const folder = key.slice(0, key.indexOf('/') + 1);
    for await (const other of this.#inner.list(folder)) if (other.key !== key) return other.key;
    return key;
  }

  #failure(fault: Fault): PlayhouseError {
    const { where } = this;
    if (fault === 'full') return new PlayhouseError('vault-full', { where });
    return new PlayhouseError(fault === 'refusal' ? 'vault-refused' : 'vault-unreachable', {
      where,
      detail: 'on purpose',
    });
  }
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
