// Keeps the vault up to date with the snapshots of this playroom, in the background: sends what it lacks, takes away what is gone,
// brings back what is not here any more. What failed is tried again; nobody waits for it.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayhouseError, toErrorBody } from '@playhouse/contract/errors/playhouse-error';
import { existsSync } from 'node:fs';
import type { SnapshotFailure } from '@playhouse/contract/snapshot';
import type { Logger } from 'pino';
import type { LayerStore } from '../layers/layer-store.ts';
import type { StepVoice } from '../operations/step.ts';
import type { Vault } from '../vault/vault.ts';
import { layersOf, type Made, type SnapshotRecord } from './snapshot-record.ts';
import { OffloadTroubles } from './offload-troubles.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { baseName, layerName, snapshotName, type VaultedFile } from './vault-names.ts';
import { VaultRemovals } from './vault-removals.ts';

const retryMs = 30_000;
/** Names of troubles that are not a snapshot’s. */
const [everything, removals] = ['everything', 'removals'];
/** Errors of the vault as a whole: what comes next would fail, too. */
const wholeVault = new Set(['vault-unreachable', 'vault-refused', 'vault-full', 'vault-key-wrong']);
/** Chunks that are read of each file when only a sample is. */
const sampleChunks = 4;

export interface VaultKeeperParts {
  readonly vault: Vault | null;
  readonly snapshots: SnapshotStore;
  readonly layers: LayerStore;
  /** File that remembers what is still to be taken away. */
  readonly removals: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Pause after a failure, in ms; those after more failures of the same snapshot double. */
  readonly retryMs?: number;
}

export class VaultKeeper {
  readonly #parts: VaultKeeperParts;
  readonly #removals: VaultRemovals;
  readonly #end = new AbortController();
  #round: Promise<void> | null = null;
  #again = false;
  #whenUpToDate: () => Promise<void> = async () => {};
  readonly #retryMs: number;
  readonly #troubles: OffloadTroubles;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: VaultKeeperParts) {
    this.#parts = parts;
    this.#retryMs = parts.retryMs ?? retryMs;
    this.#troubles = new OffloadTroubles(this.#retryMs, Date.now);
    this.#removals = new VaultRemovals(parts.removals);
  }

  /** Called whenever the vault has all that it can be given now. */
  whenUpToDate(work: () => Promise<void>): void {
    this.#whenUpToDate = work;
  }

  /** Has the vault brought up to date soon. */
  wake(): void {
    if (this.#parts.vault === null || this.#end.signal.aborted) return;
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => (this.#round = null));
  }

  /** Why the vault does not have a snapshot that it should have, when storing it failed. */
  troubleOf(snapshot: Pick<SnapshotRecord, 'id' | 'offloadedAt' | 'origin'>): SnapshotFailure | null {
    return isMissing(snapshot) ? (this.#troubles.get(snapshot.id) ?? this.#troubles.get(everything)) : null;
  }

  /** Remembers what the vault does not need to keep any more. */
  async forget(snapshots: readonly string[], layers: readonly string[]): Promise<void> {
    if (this.#parts.vault === null) return;
    await this.#removals.add(snapshots.map(snapshotName), layers.map(layerName));
    this.wake();
  }

  /**
   * Brings files back that are not here, of a snapshot or of what a playground lies on; `snapshot` names it in errors.
   * @throws PlayhouseError snapshot-incomplete, and what the vault throws
   */
  async ensureLocal(
    snapshot: string,
    made: Made,
    voice: Pick<StepVoice, 'signal' | 'detail' | 'progress'>,
  ): Promise<void> {
    const { vault } = this.#parts;
    for (const { name, path } of this.#files(made)) {
      if (existsSync(path)) continue;
      if (vault === null || path.endsWith('.folder')) {
        const why = vault === null ? ', which has no vault' : ', and cuts for forks are nowhere else';
        const detail = `${name} is not on this playroom${why}.`;
        throw new PlayhouseError('snapshot-incomplete', { snapshot, detail });
      }
      voice.detail(`fetching ${name}`);
      await mkdir(dirname(path), { recursive: true, mode: 0o755 });
      await vault.restore(name, path, {
        signal: voice.signal,
        progress: (done, total) => voice.progress({ done, total, unit: 'bytes' }),
      });
    }
  }

  /**
   * Reads what the vault has of a snapshot and proves it. One that is not there yet is passed over.
   * @throws PlayhouseError what the vault throws
   */
  async verify(
    snapshot: SnapshotRecord,
    sample: boolean,
    voice: Pick<StepVoice, 'signal' | 'detail'>,
  ): Promise<boolean> {
    const { vault } = this.#parts;
    if (vault === null || snapshot.offloadedAt === null) return false;
    try {
      for (const { name } of this.#files(snapshot)) {
        voice.detail(name);
        await vault.verify(name, { signal: voice.signal, ...(sample ? { sample: sampleChunks } : {}) });
      }
    } catch (error) {
      // That the vault could not be asked says nothing about what it has.
      if (!voice.signal.aborted && !isOfWholeVault(error)) await this.noteVerified(snapshot.id, error);
      throw error;
    }
    await this.noteVerified(snapshot.id, null);
    return true;
  }

  /** Remembers how the vault’s copy of a snapshot was found; `error` is what was wrong. */
  async noteVerified(snapshotId: string, error: unknown): Promise<void> {
    const { snapshots } = this.#parts;
    const at = new Date().toISOString();
    if (error === null) return await snapshots.change(snapshotId, { verifiedAt: at, verifyFailure: null });
    const { code, message, hint } = toErrorBody(error);
    await snapshots.change(snapshotId, { verifyFailure: { code, message, hint, at, retryAt: null } });
  }

  /**
   * Restores what the vault has of a snapshot’s files to other places than their own: `place` says where each goes, or null for
   * one that is only to be read. Proves each against its digest.
   * @throws PlayhouseError vault-off, and what the vault throws
   */
  async restoreCopy(
    snapshot: Made,
    place: (file: VaultedFile) => string | null,
    voice: Pick<StepVoice, 'signal' | 'detail' | 'progress'>,
  ): Promise<void> {
    const { vault, layers } = this.#parts;
    if (vault === null) throw new PlayhouseError('vault-off');
    const digests = new Map(layers.all().map(({ id, digest }) => [layerName(id), digest]));
    for (const file of this.#files(snapshot)) {
      voice.detail(file.name);
      const path = place(file);
      const options = {
        signal: voice.signal,
        progress: (done: number, total: number) => voice.progress({ done, total, unit: 'bytes' }),
      };
      const { digest } =
        path === null
          ? await vault.verify(file.name, options)
          : await vault.restore(file.name, path, options);
      const known = digests.get(file.name) ?? digest;
      if (digest === known) continue;
      const detail = `it has the digest ${digest}, not ${known}`;
      throw new PlayhouseError('vault-corrupt', { object: file.name, where: vault.where, detail });
    }
  }

  /** Stops working; what was begun is taken up by the next engine. */
  async close(): Promise<void> {
    this.#end.abort();
    clearTimeout(this.#retry);
    await this.#round?.catch(() => {});
    await this.#parts.vault?.close();
  }

  async #rounds(): Promise<void> {
    const { signal } = this.#end;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      try {
        await this.#bringUpToDate();
        await this.#whenUpToDate();
      } catch (error) {
        if (signal.aborted) return;
        this.#troubles.note(everything, error);
        this.#parts.log.warn({ err: error }, 'the vault could not be brought up to date; trying again');
        this.#again = true;
        await sleep(this.#retryMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async #bringUpToDate(): Promise<void> {
    const { vault, snapshots } = this.#parts;
    if (vault === null) return;
    const missing = snapshots.all().filter(isMissing);
    this.#troubles.keep(new Set([removals, ...missing.map(({ id }) => id)]));
    try {
      for (const snapshot of missing) {
        if (this.#troubles.isDue(snapshot.id))
          await this.#attempt(snapshot.id, async () => {
            await this.#offload(vault, snapshot).catch((error: unknown) => {
              // Its files may have gone in the middle: with it, that is no trouble.
              if (snapshots.find(snapshot.id) !== null) throw error;
            });
          });
      }
    } finally {
      // Last, for it waits for minutes where an engine was killed while it stored; but also when the vault is full.
      await this.#attempt(removals, async () => await this.#removals.carryOut(vault, this.#end.signal));
    }
    const { pauseMs } = this.#troubles;
    clearTimeout(this.#retry);
    if (pauseMs !== null && !this.#end.signal.aborted)
      this.#retry = setTimeout(() => this.wake(), pauseMs).unref();
  }

  /** Carries out one thing of many: what is wrong with it alone must not hold up the others. */
  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#troubles.forget(what);
    } catch (error) {
      if (this.#end.signal.aborted || isOfWholeVault(error)) throw error;
      const { retryAt } = this.#troubles.note(what, error);
      this.#parts.log.warn({ what, err: error, retryAt }, 'it could not be put into the vault; others go on');
    }
  }

  async #offload(vault: Vault, snapshot: SnapshotRecord): Promise<void> {
    const { snapshots, layers, log } = this.#parts;
    const { signal } = this.#end;
    for (const id of new Set(layersOf(snapshot))) {
      // Removed while this was waiting for its turn.
      if (snapshots.find(snapshot.id) === null) return;
      const { kind, offloadedAt } = layers.get(id);
      if (offloadedAt !== null) continue;
      const digest = await layers.seal(id);
      await vault.store(layers.path(id, kind), { name: layerName(id), signal, digest });
      await layers.markOffloaded(id);
    }
    for (const path of basesOf(snapshot)) {
      if ((await vault.find(baseName(path))) === null)
        await vault.store(path, { name: baseName(path), signal });
    }
    const offloadedAt = new Date().toISOString();
    await vault.putRecord(snapshotName(snapshot.id), { ...snapshot, offloadedAt });
    await snapshots.change(snapshot.id, { offloadedAt });
    log.info({ snapshot: snapshot.id }, 'the vault has the snapshot');
  }

  /** All files that a snapshot consists of. */
  #files(snapshot: Made): readonly VaultedFile[] {
    const { layers } = this.#parts;
    const memory = new Set(snapshot.machines.flatMap((machine) => machine.memory?.layer ?? []));
    const volumes = new Set((snapshot.services?.volumes ?? []).map(({ layer }) => layer));
    const kindOf = (id: string) =>
      layers.find(id)?.kind ?? (memory.has(id) ? 'memory' : volumes.has(id) ? 'volume' : 'disk');
    return [
      ...basesOf(snapshot).map((path) => ({ name: baseName(path), path })),
      ...[...new Set(layersOf(snapshot))].map((id) => ({
        name: layerName(id),
        path: layers.path(id, kindOf(id)),
      })),
    ];
  }
}

/** True for one that the vault is still to get. Cuts for forks and for diffs are made in passing: what they are of lives on its own. */
function isMissing({ offloadedAt, origin }: Pick<SnapshotRecord, 'offloadedAt' | 'origin'>): boolean {
  return offloadedAt === null && origin !== 'fork' && origin !== 'diff';
}

function isOfWholeVault(error: unknown): boolean {
  return error instanceof PlayhouseError && wholeVault.has(error.code);
}

function basesOf({ machines }: Made): readonly string[] {
  return [...new Set(machines.flatMap(({ drives }) => drives.flatMap(({ layer }) => layer ?? [])))];
}
