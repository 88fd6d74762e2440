// Where the runs take place: an installation on a disk of its own, its vault on a real S3 server behind a line that can be broken.
import { rm, statfs } from 'node:fs/promises';
import { Installation } from '../end-to-end/support/installation.ts';
import { Registry } from '../end-to-end/support/registry.ts';
import { S3Server } from '../end-to-end/support/s3-server.ts';
import { run } from '../end-to-end/support/process.ts';
import { VaultLine } from './vault-line.ts';
import { writerImage, writerManifest } from './writer-image.ts';

const diskMiB = 3072;
/** So few that chains are merged all the time, whatever else is done. */
export const longestChain = 2;
const registryPort = 5000;

export class Ground implements AsyncDisposable {
  readonly installation: Installation;
  readonly line: VaultLine;
  readonly manifest: string;
  readonly #resources: AsyncDisposableStack;

  private constructor(
    parts: Pick<Ground, 'installation' | 'line' | 'manifest'>,
    resources: AsyncDisposableStack,
  ) {
    this.installation = parts.installation;
    this.line = parts.line;
    this.manifest = parts.manifest;
    this.#resources = resources;
  }

  static async prepare(): Promise<Ground> {
    await using resources = new AsyncDisposableStack();
    const s3 = resources.use(await S3Server.start());
    const installation = resources.use(
      await Installation.create({
        sources: [],
        ownDiskMiB: diskMiB,
        engine: [`longestChain: ${longestChain}`],
        vault: [
          'kind: s3',
          `endpoint: http://127.0.0.1:${VaultLine.port}`,
          'bucket: test',
          `accessKeyId: ${s3.accessKeyId}`,
          `secretAccessKeyFile: ${s3.secretFile}`,
        ],
      }),
    );
    const line = resources.use(await VaultLine.lay(installation.inNetns, s3.socket));
    await installation.startServer();
    await installation.startEngine();
    const registry = resources.use(await Registry.start(installation, registryPort));
    await registry.push('writer:1', [await writerImage()]);
    const manifest = writerManifest(`oci://${registry.name}/writer:1`);
    return new Ground({ installation, line, manifest }, resources.move());
  }

  /** Fills the installation’s disk up to a few KiB. */
  async fillDisk(freeKiB: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.installation.state);
    const size = bavail * bsize - freeKiB * 1024;
    if (size > 0) await run(['fallocate', '--length', String(size), this.#filler]);
  }

  /** Makes room on it again. */
  async clearDisk(): Promise<void> {
    await rm(this.#filler, { force: true });
  }

  /** Starts a service that has ended, as its supervisor would. */
  async startDead(): Promise<void> {
    const { installation } = this;
    if (!installation.server?.alive) await installation.startServer();
    if (!installation.engine?.alive) await installation.startEngine();
  }

  /** Puts right what a run that broke off may have left. */
  async heal(): Promise<void> {
    this.line.fault = 'none';
    await this.clearDisk();
    await this.installation.engine?.kill();
    await this.startDead();
  }

  get #filler(): string {
    return `${this.installation.state}/home/filler`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
