// Folders and files beside a Compose file that containers have mounted. Each gets a place of its own, none inside of another: a container
// that has a folder can put a link in the place of whatever is below it, and Docker follows links whenever a container starts.
import { createHash } from 'node:crypto';
import { isRecord } from '../../manifest/noun.ts';
import { normalize } from '../policy/paths.ts';
import type { ComposeData } from './read-rendered.ts';

const longestName = 200;

/** Whose files a service mounts. */
export interface Beside {
  /** The service whose own repository has them; null for those that services share. */
  readonly owner: string | null;
  /** Absolute folder that stands for that of the repository. */
  readonly folder: string;
}

export type BesideOf = (service: string) => Beside;

/** Something beside the Compose file that services mount, by its path in the repository. */
export interface OwnBind {
  readonly owner: string | null;
  readonly path: string;
}

interface OwnBindsOptions {
  readonly besideOf: BesideOf;
  /** Absolute folder for what containers share. */
  readonly shared: string;
  /** Where the content of a single file lies; undefined for what is none. */
  readonly fileOf: (bind: OwnBind) => string | undefined;
}

/** A folder that has to be there, and its place. */
export interface SharedFolder extends OwnBind {
  readonly folder: string;
}

/** What the services mount of it, each once. */
export function ownBinds(rendered: ComposeData, besideOf: BesideOf): readonly OwnBind[] {
  const services = Object.entries(isRecord(rendered['services']) ? rendered['services'] : {});
  const binds = services.flatMap(([name, service]) =>
    volumesOf(service).flatMap((volume) => bindOf(volume, besideOf(name)) ?? []),
  );
  return [...new Map(binds.map((bind) => [placeName(bind), bind])).values()];
}

/** The file with those at their places, and the folders that have to be there then. */
export function withOwnBinds(
  rendered: ComposeData,
  { besideOf, shared, fileOf }: OwnBindsOptions,
): { readonly rendered: ComposeData; readonly folders: readonly SharedFolder[] } {
  const folders = new Map<string, SharedFolder>();
  const placed = (volume: unknown, beside: Beside): unknown => {
    const bind = bindOf(volume, beside);
    if (!isRecord(volume) || bind === null) return volume;
    const file = fileOf(bind);
    // What comes from a repository is the same for everybody, and nobody’s to write.
    if (file !== undefined) return { ...volume, source: file, read_only: true };
    const folder = `${shared}/${placeName(bind)}`;
    folders.set(folder, { ...bind, folder });
    return { ...volume, source: folder };
  };
  const services = Object.entries(isRecord(rendered['services']) ? rendered['services'] : {}).map(
    ([name, service]) => {
      const volumes = volumesOf(service);
      return [
        name,
        volumes.length === 0 || !isRecord(service)
          ? service
          : { ...service, volumes: volumes.map((volume) => placed(volume, besideOf(name))) },
      ];
    },
  );
  return {
    rendered: { ...rendered, services: Object.fromEntries(services) },
    folders: [...folders.values()],
  };
}

/** One segment, never `.` or `..`, and another one for each. */
function placeName({ owner, path }: OwnBind): string {
  const whose = owner === null ? 'at-' : `of-${encodeURIComponent(owner)}@`;
  const name = whose + encodeURIComponent(path);
  if (name.length <= longestName) return name;
  return `${owner === null ? 'at' : 'of'}-${createHash('sha256')
    .update(owner === null ? path : name)
    .digest('hex')}`;
}

function volumesOf(service: unknown): readonly unknown[] {
  const volumes = isRecord(service) ? service['volumes'] : undefined;
  return Array.isArray(volumes) ? volumes : [];
}

function bindOf(volume: unknown, { owner, folder }: Beside): OwnBind | null {
  if (!isRecord(volume) || volume['type'] !== 'bind') return null;
  if (typeof volume['source'] !== 'string') return null;
  // Docker Compose leaves absolute paths as they were written.
  const source = normalize(volume['source']);
  if (source === folder) return { owner, path: '.' };
  return source.startsWith(`${folder}/`) ? { owner, path: source.slice(folder.length + 1) } : null;
}
