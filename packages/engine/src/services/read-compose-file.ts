// A Compose file of a repository, for a playspec that is taken from there. Nothing is checked out: one commit is fetched without its large
// files, and read by Git, as whoever asks.
import { mkdtemp } from 'node:fs/promises';
import {
  composeFileNames,
  type ComposeOrigin,
  type ComposePlace,
} from '@playhouse/contract/compose/compose-origin';
import { parseRepository } from '@playhouse/contract/compose/labels/repository';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { gitAccessFor, type GitTools } from '../credentials/git-access.ts';
import { removeTree } from '../system/durable-file.ts';
import { Checkout } from './git/checkout.ts';
import type { ReadingTurns } from './reading-turns.ts';
import type { ServicesTools } from './services-context.ts';
import { requireOpen } from './start/clone-repositories.ts';

const timeoutMs = 25_000;
const longest = 1024 * 1024;
/** What is read in place of what is no text. */
const notText = '\uFFFD';

interface Asked {
  readonly owner: string;
  readonly place: ComposePlace;
}

/** The same when it is the owner’s turn. The wait counts: whoever asks does not wait for longer. */
export async function readComposeFileInTurn(
  turns: ReadingTurns,
  ...[tools, asked, folder, signal = AbortSignal.timeout(timeoutMs)]: Parameters<typeof readComposeFile>
): ReturnType<typeof readComposeFile> {
  let begun = false;
  const read = async () => {
    begun = true;
    return await readComposeFile(tools, asked, folder, signal);
  };
  try {
    return await turns.take(asked.owner, signal, read);
  } catch (error) {
    if (begun) throw error;
    const detail = `too many Compose files were being read for its turn to come within ${timeoutMs / 1000} s`;
    const { repository } = asked.place;
    throw new PlayhouseError('repository-failed', { repository, detail }, { cause: error });
  }
}

/**
 * `folder` is where playgrounds are: what an engine that dies leaves there has no record, and is removed.
 * @throws PlayhouseError compose-file-absent, repository-outside, and what Git says of the repository
 */
export async function readComposeFile(
  tools: Pick<ServicesTools, keyof GitTools | 'repositoryFolders'>,
  { owner, place }: Asked,
  folder: string,
  signal: AbortSignal = AbortSignal.timeout(timeoutMs),
): Promise<{ readonly text: string; readonly origin: ComposeOrigin }> {
  const { repository: url, branch = null, path } = place;
  const repository = parseRepository(url);
  if (typeof repository === 'string')
    throw new PlayhouseError('repository-unknown', { repository: url, detail: 'that is no address of one' });
  await requireOpen(tools, { repository });
  const own = await mkdtemp(`${folder}/reading-`);
  try {
    const checkout = new Checkout(`${own}/none`, `${own}/history`, gitAccessFor(tools, owner, 'you have'));
    const commit = await checkout.peek({ url, branch, newFrom: null }, signal);
    const paths = path === undefined ? composeFileNames : [path];
    const found = await choose(checkout, { repository: url, paths, signal });
    return { text: found.text, origin: { repository: url, branch, commit, path: found.path } };
  } catch (error) {
    if (!signal.aborted) throw error;
    const detail = `it has not answered within ${timeoutMs / 1000} s`;
    throw new PlayhouseError('repository-failed', { repository: url, detail }, { cause: error });
  } finally {
    await removeTree(own);
  }
}

/** The first that is there. */
async function choose(
  checkout: Checkout,
  {
    repository,
    paths,
    signal,
  }: { readonly repository: string; readonly paths: readonly string[]; readonly signal: AbortSignal },
): Promise<{ readonly text: string; readonly path: string }> {
  const absent = (detail: string) => new PlayhouseError('compose-file-absent', { repository, detail });
  for (const path of paths) {
    const entry = await checkout.find(path, repository, { signal });
    if (entry.kind === 'missing') continue;
    if (entry.kind === 'outside') throw absent(`\`${path}\` is a link that leads out of it`);
    if (entry.kind === 'folder') throw absent(`\`${path}\` is a folder`);
    if (entry.text.includes(notText)) throw absent(`\`${path}\` is no text`);
    if (entry.text.length > longest) throw absent(`\`${path}\` is larger than 1 MiB`);
    return { text: entry.text, path };
  }
  const looked = paths.map((path) => `\`${path}\``).join(', ');
  throw absent(`it has ${paths.length === 1 ? 'no' : 'none of'} ${looked}`);
}
