import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeTree } from '../../system/durable-file.ts';
import { git, gitError } from './git.ts';

const cloneTimeoutMs = 900_000;
const quickMs = 60_000;

export interface CheckoutWish {
  readonly url: string;
  /** Null: the repository’s default. */
  readonly branch: string | null;
  /** Makes `branch` anew, from this one. */
  readonly newFrom: string | null;
}

export interface CheckoutState {
  readonly branch: string;
  readonly commit: string;
  /** There are changes that were not committed, or files that Git does not know. */
  readonly dirty: boolean;
}

/** A working copy of a repository, its history in a folder of its own. */
export class Checkout {
  readonly #folder: string;
  readonly #history: string;

  constructor(folder: string, history: string) {
    this.#folder = folder;
    this.#history = history;
  }

  /**
   * Clones, when it is not there yet. What is there is left as it is, for somebody may have worked in it.
   * @throws PlayhouseError repository-unknown, repository-refused, repository-failed, branch-unknown, cancelled
   */
  async clone({ url, branch, newFrom }: CheckoutWish, signal: AbortSignal): Promise<void> {
    if (existsSync(this.#complete)) return;
    await removeTree(this.#folder);
    await removeTree(this.#history);
    for (const folder of [this.#folder, this.#history])
      await mkdir(dirname(folder), { recursive: true, mode: 0o711 });
    const from = newFrom ?? branch;
    const words = ['clone', '--quiet', '--no-recurse-submodules', `--separate-git-dir=${this.#history}`];
    const chosen = from === null ? [] : ['--branch', from];
    const { exitCode, stderr } = await git([...words, ...chosen, '--', url, this.#folder], {
      timeoutMs: cloneTimeoutMs,
      signal,
    });
    if (exitCode !== 0) throw gitError(url, stderr, from);
    if (newFrom !== null && branch !== null) await this.#ask(url, ['checkout', '--quiet', '-b', branch]);
    // The file that leads to the history is of no use inside a container.
    await removeTree(`${this.#folder}/.git`);
    await mkdir(this.#complete);
  }

  /** How the working copy stands. */
  async state(): Promise<CheckoutState> {
    const [branch, commit, changes] = await Promise.all([
      this.#ask('', ['rev-parse', '--abbrev-ref', 'HEAD']),
      this.#ask('', ['rev-parse', 'HEAD']),
      this.#ask('', ['status', '--porcelain']),
    ]);
    return { branch: branch.trim(), commit: commit.trim(), dirty: changes.trim() !== '' };
  }

  /**
   * Takes up what the repository has that is new, unless somebody has worked here: never is anything overwritten. Gives whether
   * anything came.
   */
  async update(url: string, signal: AbortSignal): Promise<boolean> {
    const before = await this.state();
    if (before.dirty) return false;
    const { exitCode, stderr } = await this.#git(['fetch', '--quiet', 'origin', before.branch], {
      signal,
      timeoutMs: cloneTimeoutMs,
    });
    if (exitCode !== 0) throw gitError(url, stderr, before.branch);
    const merged = await this.#git(['merge', '--quiet', '--ff-only', 'FETCH_HEAD'], { timeoutMs: quickMs });
    return merged.exitCode === 0 && (await this.state()).commit !== before.commit;
  }

  /** A file as the branch has it; null when it has none. Read from the history: no link is followed. */
  async read(path: string): Promise<string | null> {
    const { exitCode, stdout } = await this.#git(['show', `HEAD:${path}`], { timeoutMs: quickMs });
    return exitCode === 0 ? stdout : null;
  }

  async #ask(url: string, words: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#git(words, { timeoutMs: quickMs });
    if (exitCode !== 0) throw gitError(url, stderr, null);
    return stdout;
  }

  async #git(words: readonly string[], options: Parameters<typeof git>[1]): ReturnType<typeof git> {
    return await git([`--git-dir=${this.#history}`, `--work-tree=${this.#folder}`, ...words], options);
  }

  /** Is there once a clone has come to its end. */
  get #complete(): string {
    return `${this.#history}/playhouse-complete`;
  }
}
