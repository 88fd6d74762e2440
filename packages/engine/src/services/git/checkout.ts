import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { removeTree } from '../../system/durable-file.ts';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type GitAccess, noGitAccess, type WithGitAccess } from '../../credentials/git-access.ts';
import {
  type CheckoutState,
  type CheckoutSync,
  type CheckoutWish,
  commitListed,
  headOf,
  readStatus,
  standingOf,
  statusWords,
  type WorkingCopy,
} from './checkout-state.ts';
import { findEntry, type RepositoryEntry } from './find-entry.ts';
import { git, gitError, type GitOptions, isBranchMissing } from './git.ts';
import { moveCheckout } from './move-checkout.ts';
import { unpackTree } from './unpack-tree.ts';

const cloneTimeoutMs = 900_000;
const quickMs = 60_000;

/** A working copy of a repository, its history in a folder of its own. */
export class Checkout {
  readonly #folder: string;
  readonly #history: string;
  readonly #withAccess: WithGitAccess;

  /** `withAccess` opens repositories that are private. */
  constructor(
    folder: string,
    history: string,
    withAccess: WithGitAccess = async (_url, work) => await work(noGitAccess),
  ) {
    this.#folder = folder;
    this.#history = history;
    this.#withAccess = withAccess;
  }

  /**
   * Clones, when it is not there yet. What is there is left as it is, for somebody may have worked in it. Gives whether it was
   * there.
   * @throws PlayhouseError repository-unknown, repository-refused, repository-failed, repository-empty, branch-unknown, branch-taken,
   * branch-impossible, disk-full, cancelled
   */
  async clone(
    { url, branch, newFrom, orExisting = false }: CheckoutWish,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (this.isComplete) return true;
    await removeTree(this.#folder);
    await removeTree(this.#history);
    for (const folder of [this.#folder, this.#history])
      await mkdir(dirname(folder), { recursive: true, mode: 0o711 });
    const from = newFrom ?? branch;
    const words = ['clone', '--quiet', '--no-recurse-submodules', `--separate-git-dir=${this.#history}`];
    const chosen = from === null ? [] : ['--branch', from];
    const options = { timeoutMs: cloneTimeoutMs, signal };
    await this.#withAccess(url, async (access) => {
      const { exitCode, stderr } = await git([...words, ...chosen, '--', url, this.#folder], options, access);
      if (exitCode !== 0) throw this.#failure(url, stderr, from, access);
    });
    // Git clones what has no commit, and nothing could be made of it; whoever tries again finds what was pushed since.
    if (!(await this.#has('HEAD'))) throw new PlayhouseError('repository-empty', { repository: url });
    if (newFrom !== null && branch !== null) {
      const theirs = `refs/remotes/origin/${branch}`;
      const taken = await this.#has(theirs);
      if (taken && !orExisting) throw new PlayhouseError('branch-taken', { repository: url, branch });
      await this.#make(url, branch, taken ? theirs : 'HEAD');
      await this.#ask(url, ['checkout', '--quiet', branch, '--']);
    }
    // Git clones a tag by name as well, and nothing would be followed.
    if (branch !== null && (await this.state()).branch === 'HEAD')
      throw new PlayhouseError('branch-unknown', { repository: url, branch });
    // The file that leads to the history is of no use inside a container.
    await removeTree(`${this.#folder}/.git`);
    await mkdir(this.#complete);
    return false;
  }

  /**
   * Fetches the newest commit of a branch without a working copy, for `read`; large files are left where they are. Gives the commit.
   * @throws PlayhouseError repository-unknown, repository-refused, repository-failed, branch-unknown, host-key-unknown, cancelled
   */
  async peek({ url, branch, newFrom }: CheckoutWish, signal: AbortSignal): Promise<string> {
    // Git asks for the folder of a working copy even where none is made.
    for (const folder of [this.#history, this.#folder]) await mkdir(folder, { recursive: true, mode: 0o700 });
    const made = await git(['init', '--quiet', '--bare', '--', this.#history], { timeoutMs: quickMs });
    if (made.exitCode !== 0) throw gitError(url, made.stderr, null);
    await this.#ask(url, ['remote', 'add', 'origin', '--', url]);
    const less = ['--depth=1', '--no-tags', '--filter=blob:limit=64k'];
    await this.#fetch(url, newFrom ?? (branch === null ? 'HEAD' : headOf(branch)), signal, { less });
    await this.#ask(url, ['update-ref', '--no-deref', 'HEAD', 'FETCH_HEAD']);
    return (await this.#ask(url, ['rev-parse', 'HEAD'])).trim();
  }

  /** How the working copy stands. */
  async state(): Promise<CheckoutState> {
    return (await this.#look()).state;
  }

  /** True when a branch, or what was put aside, has commits that the repository did not have when it was last asked. */
  async hasOwnCommits(): Promise<boolean> {
    const theirs = ['--not', '--remotes=origin'];
    const own = await this.#ask('', ['rev-list', '--max-count=1', 'HEAD', '--branches', ...theirs]);
    return own.trim() !== '' || (await this.#has('refs/stash'));
  }

  /** Address of the repository that it was cloned from. */
  async repository(): Promise<string> {
    return (await this.#ask('', ['config', '--get', 'remote.origin.url'])).trim();
  }

  /** True when a clone came to its end. */
  get isComplete(): boolean {
    return existsSync(this.#complete);
  }

  /**
   * Asks the repository for what is new on the branch and tells how the checkout stands to it. With `take` that is taken up,
   * unless somebody has worked here: never is anything overwritten.
   * @throws PlayhouseError repository-unknown, repository-refused, repository-failed, cancelled
   */
  async sync(url: string, { take }: { readonly take: boolean }, signal: AbortSignal): Promise<CheckoutSync> {
    const { state, isLevel } = await this.#look();
    const inTheWay: readonly string[] = [];
    // To ask is a fraction of the work of fetching, and mostly nothing is new.
    if (isLevel && (await this.#newest(url, state.branch, signal)) === state.commit)
      return { ...state, standing: 'current', newest: state.commit, inTheWay };
    const followed =
      state.branch !== 'HEAD' &&
      (await this.#fetch(url, headOf(state.branch), signal, { mayBeMissing: true }));
    if (!followed) return { ...state, standing: 'local', newest: null, inTheWay };
    const newest = (await this.#ask(url, ['rev-parse', 'FETCH_HEAD'])).trim();
    const counts = await this.#ask(url, ['rev-list', '--left-right', '--count', `HEAD...${newest}`]);
    const [ahead = 0, behind = 0] = counts.trim().split(/\s+/).map(Number);
    const standing = standingOf(ahead, behind);
    if (!take || state.dirty || standing !== 'behind') return { ...state, standing, newest, inTheWay };
    const merge = ['merge', '--quiet', '--ff-only', '--no-overwrite-ignore', newest];
    const merged = await this.#move(merge, newest);
    if (merged.inTheWay.length > 0) return { ...state, standing, newest, inTheWay: merged.inTheWay };
    if (merged.failure !== null) throw this.#failure(url, merged.failure, null);
    return { ...(await this.state()), standing: 'current', newest, inTheWay };
  }

  /**
   * Goes over to another branch, made from `newFrom` if it is to be a new one.
   * @throws PlayhouseError checkout-dirty, branch-unknown, branch-taken, repository-refused, repository-failed, cancelled
   */
  async switchTo(
    service: string,
    { url, branch, newFrom }: CheckoutWish & { readonly branch: string },
    signal: AbortSignal,
  ): Promise<void> {
    const state = await this.state();
    if (state.branch === branch) return;
    if (state.dirty) throw new PlayhouseError('checkout-dirty', { service, branch: state.branch });
    const go = async (...words: string[]) => {
      const move = ['checkout', '--quiet', '--no-overwrite-ignore', ...words, '--'];
      const { inTheWay, failure } = await this.#move(move, headOf(branch));
      if (inTheWay.length > 0) throw new PlayhouseError('checkout-dirty', { service, branch: state.branch });
      if (failure !== null) throw this.#failure(url, failure, null);
    };
    if (await this.#has(headOf(branch))) return await go(branch);
    if (newFrom !== null && (await this.#fetch(url, headOf(branch), signal, { mayBeMissing: true })))
      throw new PlayhouseError('branch-taken', { repository: url, branch });
    await this.#fetch(url, newFrom ?? headOf(branch), signal);
    // Git would change the files first, and find only then that no branch can have that name.
    await this.#make(url, branch, 'FETCH_HEAD');
    try {
      await go(branch);
    } catch (error) {
      await this.#git(['branch', '--quiet', '-D', '--', branch], { timeoutMs: quickMs });
      throw error;
    }
  }

  /** Makes a branch, and leaves the files alone. @throws PlayhouseError branch-impossible, repository-failed */
  async #make(url: string, branch: string, from: string): Promise<void> {
    const words = ['branch', '--quiet', '--no-track', '--', branch, from];
    const { exitCode, stderr } = await this.#git(words, { timeoutMs: quickMs });
    if (exitCode !== 0) throw this.#failure(url, stderr, branch);
  }

  #failure(url: string, said: string, branch: string | null, access?: GitAccess): PlayhouseError {
    return gitError(url, said, branch, access, dirname(this.#folder));
  }

  /** Fetches a branch, or what else a reference names. Gives whether the repository has it, where that `mayBeMissing`. */
  async #fetch(
    url: string,
    reference: string,
    signal: AbortSignal,
    {
      mayBeMissing = false,
      less = [],
    }: { readonly mayBeMissing?: boolean; readonly less?: readonly string[] } = {},
  ): Promise<boolean> {
    const options = { signal, timeoutMs: cloneTimeoutMs };
    return await this.#withAccess(url, async (access) => {
      const words = ['fetch', '--quiet', ...less, '--', 'origin', reference];
      const { exitCode, stderr } = await this.#git(words, options, access);
      if (exitCode !== 0 && !(mayBeMissing && isBranchMissing(stderr)))
        throw this.#failure(url, stderr, reference.replace(headOf(''), ''), access);
      return exitCode === 0;
    });
  }

  /** The commit that a branch has in the repository; null when that does not have the branch. */
  async #newest(url: string, branch: string, signal: AbortSignal): Promise<string | null> {
    return await this.#withAccess(url, async (access) => {
      const words = ['ls-remote', '--', 'origin', headOf(branch)];
      const options = { signal, timeoutMs: cloneTimeoutMs };
      const { exitCode, stdout, stderr } = await this.#git(words, options, access);
      if (exitCode !== 0) throw this.#failure(url, stderr, branch, access);
      return commitListed(stdout, headOf(branch));
    });
  }

  /**
   * Makes another checkout of a commit that was fetched, with a history of its own: neither is in the way of the other, nor of
   * somebody who works in this one. It has no working copy, and is for `read`.
   * @throws PlayhouseError repository-failed, cancelled
   */
  async copyTo(other: Checkout, commit: string, signal: AbortSignal): Promise<void> {
    const options = { timeoutMs: cloneTimeoutMs, signal };
    // Git asks for the folder of a working copy even where none is made.
    for (const folder of [dirname(other.#history), other.#folder])
      await mkdir(folder, { recursive: true, mode: 0o711 });
    // Objects never change: where the file system can, both have the same ones.
    const words = ['clone', '--quiet', '--bare', '--local', '--', this.#history, other.#history];
    const { exitCode, stderr } = await git(words, options);
    if (exitCode !== 0) throw gitError(this.#history, stderr, null);
    // What was fetched last has no name.
    await other.#ask('', ['update-ref', 'HEAD', commit]);
  }

  /**
   * What the branch has at a path. Read from the history: links lead no further than the branch. `from` is the repository’s address
   * where that may have to be asked for a large file once more.
   * @throws PlayhouseError repository-failed and what else Git fails of, cancelled
   */
  async find(path: string, from: string | null = null, options: GitOptions = {}): Promise<RepositoryEntry> {
    const look = async (access?: GitAccess) =>
      await findEntry(path, from ?? this.#history, async (words, input) => {
        return await this.#git(words, { input, timeoutMs: quickMs, ...options }, access);
      });
    return from === null ? await look() : await this.#withAccess(from, look);
  }

  /** A file as the branch has it; null when it has none. */
  async read(path: string): Promise<string | null> {
    const entry = await this.find(path);
    return entry.kind === 'file' ? entry.text : null;
  }

  /** Fills a folder with what the branch has at a path; nothing when that is no folder. */
  async unpack(path: string, folder: string): Promise<void> {
    const entry = await this.find(path);
    if (entry.kind !== 'folder') return;
    const options = { timeoutMs: cloneTimeoutMs };
    await unpackTree(entry.tree, folder, async (words) => await this.#git(words, options));
  }

  async #has(reference: string): Promise<boolean> {
    const asked = await this.#git(['rev-parse', '--verify', '--quiet', reference], { timeoutMs: quickMs });
    return asked.exitCode === 0;
  }

  async #move(words: readonly string[], to: string): ReturnType<typeof moveCheckout> {
    return await moveCheckout({ folder: this.#folder, history: this.#history }, words, to);
  }

  async #look(): Promise<WorkingCopy> {
    return readStatus(await this.#ask('', statusWords, { within: [this.#folder, this.#history] }));
  }

  async #ask(url: string, words: readonly string[], options: GitOptions = {}): Promise<string> {
    const { exitCode, stdout, stderr } = await this.#git(words, { timeoutMs: quickMs, ...options });
    if (exitCode !== 0) throw gitError(url, stderr, null);
    return stdout;
  }

  async #git(
    words: readonly string[],
    options: Parameters<typeof git>[1],
    access?: GitAccess,
  ): ReturnType<typeof git> {
    const places = [`--git-dir=${this.#history}`, `--work-tree=${this.#folder}`];
    return await git([...places, ...words], options, access);
  }

  /** Is there once a clone has come to its end. */
  get #complete(): string {
    return `${this.#history}/playhouse-complete`;
  }
}
