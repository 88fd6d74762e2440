// Has a working copy become another commit. A Git that is killed meanwhile, which one that is confined cannot hear of, leaves files of
// both: nobody’s work, but it would be taken for that for ever, and nothing new would come any more. So what is under way is written down.
import { readTextIfPresent, removeTree, writeDurably } from '../../system/durable-file.ts';
import { filesInTheWay, git } from './git.ts';
import { removeLocks } from './remove-locks.ts';

const timeoutMs = 900_000;

export interface Places {
  readonly folder: string;
  readonly history: string;
}

/** Does it with these words; files that are in the way keep the working copy as it is. */
export async function moveCheckout(
  places: Places,
  words: readonly string[],
  to: string,
): Promise<{ readonly inTheWay: readonly string[]; readonly failure: string | null }> {
  await writeDurably(noteOf(places), to);
  let isWhole = false;
  try {
    const { exitCode, stderr } = await ask(places, words);
    const inTheWay = exitCode === 0 ? [] : filesInTheWay(stderr);
    isWhole = exitCode === 0 || inTheWay.length > 0;
    return { inTheWay, failure: exitCode === 0 ? null : stderr };
  } finally {
    await (isWhole ? removeTree(noteOf(places)) : settleCheckout(places));
  }
}

/**
 * Takes back what a Git that was killed left half done, and its locks. What is neither as it was nor as it was to be is somebody’s work:
 * then all stays as it is. MUST be called only while no Git works there; silent when there is nothing to do.
 */
export async function settleCheckout(places: Places): Promise<void> {
  await removeLocks(places.history);
  const to = await readTextIfPresent(noteOf(places));
  if (to === null) return;
  const [was, is] = [await othersThan(places, 'HEAD'), await othersThan(places, to)];
  // Git looks at everything before it changes the first: where nothing is changed, something else may be in the way.
  const isHalf = was.changed.length > 0 && (await commitOf(places, 'HEAD')) !== (await commitOf(places, to));
  if (isHalf && !was.written.some((path) => is.written.includes(path))) {
    for (const words of [
      ['--reset', '-u', to],
      ['-m', '-u', to, 'HEAD'],
    ])
      // On a full disk there is another try when the engine begins anew.
      if ((await ask(places, ['read-tree', ...words])).exitCode !== 0) return;
  }
  await removeTree(noteOf(places));
}

/** The files that are not as a commit has them: all, and those of them that are there. */
async function othersThan(places: Places, commit: string) {
  const index = `${places.history}/playhouse-index`;
  const list = async (...words: string[]) => {
    const { stdout } = await ask(places, words, { GIT_INDEX_FILE: index });
    return stdout.split('\0').filter(Boolean);
  };
  await list('read-tree', commit);
  await list('update-index', '-q', '--refresh');
  const compared = ['diff-files', '--name-only', '-z', '--ignore-submodules=all'];
  const unknown = await list('ls-files', '--others', '--exclude-standard', '-z');
  const changed = [...unknown, ...(await list(...compared))];
  const written = [...unknown, ...(await list(...compared, '--diff-filter=d'))];
  await removeTree(index);
  return { changed, written };
}

async function commitOf(places: Places, reference: string): Promise<string> {
  return (await ask(places, ['rev-parse', '--verify', `${reference}^{commit}`])).stdout.trim();
}

async function ask({ folder, history }: Places, words: readonly string[], environment = {}) {
  const named = [`--git-dir=${history}`, `--work-tree=${folder}`];
  return await git([...named, ...words], { timeoutMs, within: [folder, history], environment });
}

/** Is there while it is under way, and says where to. */
function noteOf({ history }: Places): string {
  return `${history}/playhouse-moving`;
}
