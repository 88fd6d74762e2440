// Files beside a Compose file that it names: they are those of the repository. Read from its history, so that no link is followed and
// nothing is read that somebody has just put there; and kept where no container reaches them.
import { mkdir } from 'node:fs/promises';
import { dirname, posix } from 'node:path';
import { folderOf } from '@playhouse/contract/compose/compose-origin';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { removeTree, writeDurably } from '../../system/durable-file.ts';
import type { RepositoryEntry } from '../git/find-entry.ts';
import { compiledFileOf, type compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
import { checkoutOf } from './clone-repositories.ts';
import { pathBeside } from './path-beside.ts';
import { placeServiceFiles } from './service-files.ts';
import { beginsIn, checkoutWith } from './wished-sources.ts';

/** What is read in place of what is no text. */
const notText = '\uFFFD';

/** Paths of configs and secrets that the compiled file has beside it; it is in `folder` of the repository. */
export function namedFiles(compiled: unknown, folder = ''): readonly string[] {
  return ['configs', 'secrets'].flatMap((kind) => {
    const parts = isRecord(compiled) && isRecord(compiled[kind]) ? Object.values(compiled[kind]) : [];
    return parts.flatMap((part) => {
      const file: unknown = isRecord(part) ? part['file'] : undefined;
      const isRelative = typeof file === 'string' && !file.startsWith('/');
      const beside = isRelative ? pathBeside(posix.join(folder, file)) : null;
      return beside === null ? [] : [beside];
    });
  });
}

/**
 * Lays those of a repository beside the compiled file. Gives the file as it is to be read there, and the content of configs and secrets
 * by their absolute path.
 * @throws PlayhouseError compose-refused, when one cannot be there beside another
 */
export async function layOutFiles(
  context: ServicesContext,
  { plan, compiled: written, environment, locate }: ReturnType<typeof compiledOf>,
  warn: (line: string) => void,
): Promise<{ readonly compiled: unknown; readonly texts: ReadonlyMap<string, string> }> {
  const { beside: folder } = context.tools.records.files(context.id);
  const file = compiledFileOf(context);
  const read = async (path: string, service: string | null, needed = true) =>
    await readFromRepository(context, path, service, needed);
  const { policy, compose } = recordOf(context).order;
  const options = {
    ...{ folder, file: posix.relative(folder, file), beginsIn: beginsIn(context) },
    ...{ policy, environment, locate, read, warn },
    running: new Set(plan.services.map(({ name }) => name)),
  };
  const { compiled, files } = await placeServiceFiles(written, options);
  await removeTree(folder);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const texts = new Map<string, string>();
  for (const path of namedFiles(written, compose.origin === undefined ? '' : folderOf(compose.origin))) {
    const text = await read(path, null);
    if (text === null) continue;
    await layOut(folder, path, text);
    texts.set(`${folder}/${path}`, text);
  }
  // What Docker Compose reads as a part of the file is what was looked at, whatever else has that name.
  for (const [path, text] of files) await layOut(folder, path, text);
  return { compiled, texts };
}

async function layOut(folder: string, path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(`${folder}/${path}`), { recursive: true, mode: 0o700 });
    await writeDurably(`${folder}/${path}`, text);
  } catch (error) {
    throw new PlayhouseError('compose-refused', { detail: `${path}: ${String(error)}` }, { cause: error });
  }
}

/**
 * A file of the service’s own repository, else of the one that all services share; null where there is none.
 * @throws PlayhouseError compose-refused
 */
export async function readFromRepository(
  context: ServicesContext,
  path: string,
  service: string | null,
  needed = true,
): Promise<string | null> {
  const entry = await findInRepository(context, path, checkoutWith(context, service), needed);
  return entry.kind === 'file' ? entry.text : null;
}

/**
 * What a checkout, if there is one, has at a path.
 * @throws PlayhouseError compose-refused for what is no text, and for what leads out unless it is not `needed`
 */
export async function findInRepository(
  context: ServicesContext,
  path: string,
  checkout: string | null,
  needed = true,
): Promise<RepositoryEntry> {
  if (checkout === null) return { kind: 'missing' };
  const entry = await checkoutOf(context, checkout).find(path);
  const refuse = (why: string) =>
    new PlayhouseError('compose-refused', { detail: `${path} of the repository ${why}` });
  if (entry.kind === 'outside' && needed) throw refuse('is a link that leads out of it');
  if (entry.kind === 'file' && entry.text.includes(notText)) throw refuse('is no text');
  return entry;
}
