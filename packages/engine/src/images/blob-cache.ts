// The layers, configurations and manifests of pulled images, as the registries have them, named by digest: images that share
// layers fetch them once. Written by skopeo, by rename, so that a blob is whole or not there.
import { mkdir, readFile, stat } from 'node:fs/promises';
import { isMissing, namesIn, removeTree } from '../system/durable-file.ts';

const fetching = 'fetching-';

export class BlobCache {
  /** Folder as skopeo’s shared blob folder has it: `sha256/<hex>` below it. */
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  async prepare(): Promise<void> {
    await mkdir(`${this.directory}/sha256`, { recursive: true, mode: 0o755 });
  }

  path(digest: string): string {
    return `${this.directory}/${digest.replace(':', '/')}`;
  }

  async text(digest: string): Promise<string> {
    return await readFile(this.path(digest), 'utf8');
  }

  /** Bytes of a blob that are there; 0 when it is not. */
  async size(digest: string): Promise<number> {
    try {
      return (await stat(this.path(digest))).size;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  /** A folder to fetch an image in, empty. */
  async stage(id: string): Promise<string> {
    const folder = `${this.directory}/${fetching}${id}`;
    await removeTree(folder);
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  async unstage(id: string): Promise<void> {
    await removeTree(`${this.directory}/${fetching}${id}`);
  }

  async remove(digest: string): Promise<void> {
    await removeTree(this.path(digest));
  }

  /** Removes what killed pulls left, while those that are named here go on. */
  async clear(pulls: ReadonlySet<string>): Promise<void> {
    const folders = await namesIn(this.directory);
    for (const name of folders) {
      if (!name.startsWith(fetching) || pulls.has(name.slice(fetching.length))) continue;
      await removeTree(`${this.directory}/${name}`);
    }
  }

  /** Removes all blobs but these. No pull may be under way. */
  async collect(kept: ReadonlySet<string>): Promise<void> {
    const names = await namesIn(`${this.directory}/sha256`);
    const stale = names.filter((name) => !kept.has(`sha256:${name}`));
    for (const name of stale) await removeTree(`${this.directory}/sha256/${name}`);
  }
}
