// Files beside a Compose file that it names: they are those of the repository. Read from its history, so that no link is followed and
// nothing is read that somebody has just put there; and kept where no container reaches them.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { removeTree, writeDurably } from '../../system/durable-file.ts';
import { type compiledOf, recordOf, type ServicesContext } from '../services-context.ts';
import { checkoutOf } from './clone-repositories.ts';
import { pathBeside } from './path-beside.ts';
import { placeServiceFiles } from './service-files.ts';

/** What is read in place of what is no text. */
const notText = '\uFFFD';

/** Configs and secrets that the compiled file has beside it. */
export function namedFiles(compiled: unknown): readonly string[] {
  return ['configs', 'secrets'].flatMap((kind) => {
    const parts = isRecord(compiled) && isRecord(compiled[kind]) ? Object.values(compiled[kind]) : [];
    return parts.flatMap((part) => {
      const file: unknown = isRecord(part) ? part['file'] : undefined;
      const beside = typeof file === 'string' ? pathBeside(file) : null;
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
): Promise<{ readonly compiled: unknown; readonly texts: ReadonlyMap<string, string> }> {
  const folder = dirname(context.tools.records.files(context.id).compiled);
  const read = async (path: string, service: string | null) =>
    await readFromRepository(context, plan, path, service);
  const { policy } = recordOf(context).order;
  const options = { folder, policy, environment, locate, read };
  const { compiled, files } = await placeServiceFiles(written, options);
  await removeTree(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const texts = new Map<string, string>();
  for (const path of namedFiles(written)) {
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

/** A file of the service’s own repository, else of the one that all services share; null where there is none. @throws PlayhouseError compose-refused */
export async function readFromRepository(
  context: ServicesContext,
  { services }: ServicePlan,
  path: string,
  service: string | null,
): Promise<string | null> {
  const from = repositoryOf(services, service);
  const text = from === undefined ? null : await checkoutOf(context, from.name).read(path);
  if (text?.includes(notText) === true)
    throw new PlayhouseError('compose-refused', { detail: `${path} of the repository is no text` });
  return text;
}

/** The service whose repository has the files of another, or of the whole Compose file. */
export function repositoryOf(
  services: ServicePlan['services'],
  service: string | null,
): ServicePlan['services'][number] | undefined {
  const dynamic = services.filter(({ source }) => source !== null);
  const own = dynamic.find(({ name }) => name === service);
  const addresses = new Set(dynamic.map(({ source }) => source?.repository.url));
  return own ?? (addresses.size === 1 ? dynamic[0] : undefined);
}
