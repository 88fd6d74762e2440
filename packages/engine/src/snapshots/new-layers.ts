// Layers that a snapshot is about to be made of: written aside first, so that a crash leaves nothing that anybody takes for one.
import { mkdir } from 'node:fs/promises';
import type { LayerKind, LayerStore } from '../layers/layer-store.ts';
import { removeTree } from '../system/durable-file.ts';
import { runOrFail } from '../system/run.ts';

const syncTimeoutMs = 3_600_000;

export class NewLayers {
  readonly #layers: LayerStore;
  readonly #staging: string;
  readonly #made: { readonly id: string; readonly kind: LayerKind }[] = [];

  private constructor(layers: LayerStore, staging: string) {
    this.#layers = layers;
    this.#staging = staging;
  }

  /** Begins anew, whatever an earlier try left. */
  static async begin(layers: LayerStore, snapshotId: string): Promise<NewLayers> {
    const staging = stagingOf(layers, snapshotId);
    await removeTree(staging);
    await mkdir(staging, { mode: 0o700 });
    return new NewLayers(layers, staging);
  }

  /** Removes what a try left that came to nothing. */
  static async discard(layers: LayerStore, snapshotId: string): Promise<void> {
    await removeTree(stagingOf(layers, snapshotId));
  }

  /** Where something may lie for as long as layers are made. */
  aside(name: string): string {
    return `${this.#staging}/${name}`;
  }

  /** Has a layer written to a path; gives its id. */
  async make(kind: LayerKind, write: (path: string) => Promise<void>): Promise<string> {
    const id = this.#layers.newId();
    await write(`${this.#staging}/${id}`);
    this.#made.push({ id, kind });
    return id;
  }

  /** Has the host write them to its disk and makes them layers, that nobody collects before `use` has come to its end. */
  async adopt(use: () => Promise<void>): Promise<void> {
    const made = this.#made;
    await this.#layers.hold(
      made.map(({ id }) => id),
      async () => {
        await runOrFail(['sync', '--file-system', this.#staging], { timeoutMs: syncTimeoutMs });
        for (const { id, kind } of made) await this.#layers.adopt(`${this.#staging}/${id}`, id, kind);
        await removeTree(this.#staging);
        await use();
      },
    );
  }
}

function stagingOf({ directory }: LayerStore, snapshotId: string): string {
  return `${directory}/.cut-${snapshotId}`;
}
