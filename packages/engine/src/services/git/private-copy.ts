// What is built is built from a copy that nobody else reaches: containers write to the checkout itself meanwhile, and what is sent to a
// build must be what the name of the image says, and nothing of the host.
import { mkdir } from 'node:fs/promises';
import { normalize } from 'node:path/posix';
import { makePrivateDirectory } from '../../system/durable-file.ts';
import { removeDeepTree } from '../../system/remove-deep-tree.ts';
import { findEntry } from './find-entry.ts';
import { git, gitError } from './git.ts';

const timeoutMs = 900_000;

export interface CopiedFrom {
  readonly checkout: string;
  readonly history: string;
}

/** A copy of a commit of a checkout, or of what somebody works on there. */
export class PrivateCopy {
  readonly #from: CopiedFrom;
  readonly #folder: string;
  readonly #signal: AbortSignal;

  private constructor(from: CopiedFrom, folder: string, signal: AbortSignal) {
    this.#from = from;
    this.#folder = folder;
    this.#signal = signal;
  }

  /** Does work with one in this folder, which is removed afterwards, as is what another engine left there. */
  static async with<Result>(
    from: CopiedFrom,
    folder: string,
    signal: AbortSignal,
    work: (copy: PrivateCopy) => Promise<Result>,
  ): Promise<Result> {
    await removeDeepTree(folder);
    try {
      await makePrivateDirectory(folder);
      await mkdir(`${folder}/objects`);
      return await work(new PrivateCopy(from, folder, signal));
    } finally {
      await removeDeepTree(folder);
    }
  }

  /**
   * Gives the tree that a commit of everything would have: files that Git is told to ignore are not in it, links are links, and the
   * history gets none of it.
   * @throws PlayhouseError repository-failed, cancelled
   */
  async treeOfWork(): Promise<string> {
    const { checkout } = this.#from;
    const asked = { workTree: checkout, index: 'work', sees: [checkout] };
    // Nothing is believed of the files’ times: a container sets them as it likes.
    await this.#git(['read-tree', 'HEAD'], asked);
    await this.#git(['add', '--all'], asked);
    return (await this.#git(['write-tree'], asked)).trim();
  }

  /** A file of a commit or a tree, links followed as far as it reaches; null when there is none. */
  async read(tree: string, path: string): Promise<string | null> {
    const asked = { workTree: this.#folder, index: 'read', sees: [] };
    const ask = async (words: readonly string[], input: string) =>
      await this.#run(words, { ...asked, input });
    const entry = await findEntry(normalize(path), this.#from.history, ask, tree);
    return entry.kind === 'file' ? entry.text : null;
  }

  /** Writes the files of a commit or a tree. Gives their folder. @throws PlayhouseError repository-failed, cancelled */
  async layOut(tree: string): Promise<string> {
    const files = `${this.#folder}/files`;
    await mkdir(files, { mode: 0o755 });
    await this.#git(['read-tree', '--reset', '-u', tree], { workTree: files, index: 'files', sees: [] });
    return files;
  }

  async #git(words: readonly string[], asked: Asked): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#run(words, asked);
    if (exitCode !== 0) throw gitError(this.#from.history, stderr, null);
    return stdout;
  }

  async #run(words: readonly string[], asked: Asked): ReturnType<typeof git> {
    const [{ history }, folder] = [this.#from, this.#folder];
    const places = [`--git-dir=${history}`, `--work-tree=${asked.workTree}`];
    return await git([...places, ...words], {
      ...{ timeoutMs, signal: this.#signal, within: [folder], sees: [history, ...asked.sees] },
      ...(asked.input === undefined ? {} : { input: asked.input }),
      environment: {
        GIT_INDEX_FILE: `${folder}/index-${asked.index}`,
        GIT_OBJECT_DIRECTORY: `${folder}/objects`,
        GIT_ALTERNATE_OBJECT_DIRECTORIES: `${history}/objects`,
      },
    });
  }
}

interface Asked {
  readonly workTree: string;
  readonly index: string;
  readonly sees: readonly string[];
  readonly input?: string;
}
