// Files beside a Compose file that it names: they are those of the repository. Read from its history, so that no link is followed and
// nothing is read that somebody has just put there; and kept where no container reaches them.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServicePlan } from '@playhouse/contract/compose/plan/service-plan';
import { normalize } from '@playhouse/contract/compose/policy/paths';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { isRecord } from '@playhouse/contract/manifest/noun';
import { removeTree, writeDurably } from '../../system/durable-file.ts';
import type { ServicesContext } from '../services-context.ts';
import { checkoutOf } from './clone-repositories.ts';

/** What is read in place of what is no text. */
const notText = '\uFFFD';

interface Wanted {
  readonly path: string;
  /** The service that names it; null for one of the whole file. */
  readonly service: string | null;
}

/** What the file names before Docker Compose reads it: environment files, configs and secrets. */
export function namedFiles(compiled: unknown): readonly Wanted[] {
  const services = entriesOf(compiled, 'services').flatMap(([service, { env_file: files }]) =>
    (Array.isArray(files) ? files : [files]).flatMap((file: unknown) => {
      const path: unknown = isRecord(file) ? file['path'] : file;
      return typeof path === 'string' ? [{ path, service }] : [];
    }),
  );
  const parts = ['configs', 'secrets'].flatMap((kind) =>
    entriesOf(compiled, kind).flatMap(([, { file }]) =>
      typeof file === 'string' ? [{ path: file, service: null }] : [],
    ),
  );
  return [...services, ...parts].flatMap(({ path, service }) => {
    const beside = pathBeside(path);
    return beside === null ? [] : [{ path: beside, service }];
  });
}

/**
 * Lays those of a repository beside the compiled file. Gives the content of each by its absolute path.
 * @throws PlayhouseError compose-refused, when one cannot be there beside another
 */
export async function layOutFiles(
  context: ServicesContext,
  plan: ServicePlan,
  { compiled, folder }: { readonly compiled: unknown; readonly folder: string },
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  await removeTree(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { path, service } of namedFiles(compiled)) {
    const text = await readFromRepository(context, plan, path, service);
    if (text === null) continue;
    const file = `${folder}/${path}`;
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeDurably(file, text);
    } catch (error) {
      throw new PlayhouseError('compose-refused', { detail: `${path}: ${String(error)}` }, { cause: error });
    }
    texts.set(file, text);
  }
  return texts;
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

/** A path in the folder of the Compose file, in its plain form; null for others, and those that are yet to be filled in. */
function pathBeside(path: string): string | null {
  if (path.startsWith('/') || path.startsWith('~') || /[$\\\0]/.test(path)) return null;
  const plain = normalize(path);
  return plain === '.' || plain.startsWith('..') ? null : plain;
}

function entriesOf(file: unknown, kind: string) {
  const parts = isRecord(file) && isRecord(file[kind]) ? Object.entries(file[kind]) : [];
  return parts.flatMap(([name, part]) => (isRecord(part) ? [[name, part] as const] : []));
}
