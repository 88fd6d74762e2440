// Cuts a running machine through its monitor. QEMU has given up root, so files that it shall open are lent to it: linked for a
// moment into a folder that it can enter, as its own.
import { chown, link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { MachineCut, NextOverlay } from '../machine-driver.ts';
import { MemoryCopier } from './memory-copier.ts';
import { attachedNodes, overlayNode } from './attached-nodes.ts';
import type { QmpConnection } from './qmp.ts';

/** The machine that is cut. */
export interface CutPlace {
  readonly pid: number;
  readonly controlSocket: string;
  /** Bytes of its memory image. */
  readonly imageBytes: number;
}

interface Overlay {
  readonly node: string;
  readonly current: string;
}

export class QemuCut implements MachineCut {
  readonly #monitor: QmpConnection;
  readonly #place: CutPlace;
  readonly #overlays: readonly Overlay[];
  readonly #copier: MemoryCopier;
  #switched = false;

  private constructor(
    monitor: QmpConnection,
    place: CutPlace,
    overlays: readonly Overlay[],
    copier: MemoryCopier,
  ) {
    this.#monitor = monitor;
    this.#place = place;
    this.#overlays = overlays;
    this.#copier = copier;
  }

  static async prepare(
    monitor: QmpConnection,
    place: CutPlace,
    next: ReadonlyMap<number, NextOverlay>,
  ): Promise<QemuCut> {
    const attached = await attachedNodes(monitor);
    const overlays: Overlay[] = [];
    const cut = new QemuCut(monitor, place, overlays, await MemoryCopier.start());
    try {
      for (const [index, { file, number }] of next) {
        const current = attached.get(index);
        if (current === undefined) throw new Error(`it has no drive ${index}`);
        const node = overlayNode(index, number);
        await lend(place, file, async (path) => {
          const image = { driver: 'file', filename: path, 'node-name': `${node}-file` };
          const overlay = {
            driver: 'qcow2',
            'node-name': node,
            file: image,
            backing: null,
            discard: 'unmap',
          };
          await monitor.execute('blockdev-add', overlay);
        });
        overlays.push({ node, current: current.node });
      }
      return cut;
    } catch (error) {
      await cut.close();
      throw error;
    }
  }

  async pause(): Promise<void> {
    this.#monitor.held = true;
    await this.#monitor.execute('stop');
  }

  async switchDrives(): Promise<void> {
    if (this.#overlays.length === 0) return;
    const actions = this.#overlays.map(({ node, current }) => ({
      type: 'blockdev-snapshot',
      data: { node: current, overlay: node },
    }));
    // All of them or none.
    await this.#monitor.execute('transaction', { actions });
    this.#switched = true;
  }

  async saveMemory(image: string): Promise<{ readonly devices: Buffer; readonly changedBytes: number }> {
    const { pid, imageBytes: bytes } = this.#place;
    const { blocks } = await stat(image);
    const place = { pid, address: await memoryAddress(this.#monitor), bytes, image, writeZeros: blocks > 0 };
    const [changedBytes, devices] = await Promise.all([this.#copier.copy(place), this.#saveDevices()]);
    return { changedBytes, devices };
  }

  async #saveDevices(): Promise<Buffer> {
    const { controlSocket, pid } = this.#place;
    const path = `${controlSocket}.devices`;
    try {
      await writeFile(path, '', { mode: 0o600 });
      const { uid } = await stat(`/proc/${pid}`);
      await chown(path, uid, 0);
      // Live: the drives stay the machine’s.
      await this.#monitor.execute('xen-save-devices-state', { filename: path, live: true });
      return await readFile(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async goOn(): Promise<void> {
    await this.#monitor.execute('cont');
    this.#monitor.held = false;
  }

  async close(): Promise<void> {
    await this.#copier.close();
    if (this.#switched) return;
    for (const { node } of this.#overlays)
      await this.#monitor.execute('blockdev-del', { 'node-name': node }).catch(() => {});
  }
}

async function lend(
  { pid, controlSocket }: CutPlace,
  file: string,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const path = `${controlSocket}.overlay`;
  const { uid } = await stat(`/proc/${pid}`);
  await rm(path, { force: true });
  try {
    await link(file, path);
    await chown(path, uid, 0);
    await use(path);
  } finally {
    await chown(file, 0, 0);
    await rm(path, { force: true });
  }
}

/** Where the guest’s memory is in the machine’s process. Only the human monitor tells. */
async function memoryAddress(monitor: QmpConnection): Promise<number> {
  const said = await monitor.execute('human-monitor-command', { 'command-line': 'gpa2hva 0' });
  const [, address] = /is (0x[0-9a-f]+)/.exec(String(said)) ?? [];
  if (address === undefined) throw new Error(`its memory cannot be found: ${String(said).trim()}`);
  return Number(address);
}
