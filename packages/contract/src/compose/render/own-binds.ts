// Folders and files beside a Compose file that containers have mounted. Each gets a place of its own, none inside of another: a container
// that has a folder can put a link in the place of whatever is below it, and Docker follows links whenever a container starts.
import { createHash } from 'node:crypto';
import { isRecord } from '../../manifest/noun.ts';
import { normalize } from '../policy/paths.ts';
import type { ComposeData } from './read-rendered.ts';

const longestName = 200;

interface OwnBindsOptions {
  /** Absolute folder of the Compose file, where relative paths begin. */
  readonly beside: string;
  /** Absolute folder for what containers share. */
  readonly shared: string;
  /** Where the content of single files lies, by their path beside the file. */
  readonly files: ReadonlyMap<string, string>;
}

/** A folder that has to be there: its path beside the Compose file, and its place. */
export interface SharedFolder {
  readonly path: string;
  readonly folder: string;
}

/** Paths beside the Compose file that are mounted by its services. */
export function ownBinds(rendered: ComposeData, beside: string): readonly string[] {
  const services = Object.values(isRecord(rendered['services']) ? rendered['services'] : {});
  const paths = services.flatMap((service) =>
    volumesOf(service).flatMap((volume) => pathBeside(volume, beside) ?? []),
  );
  return [...new Set(paths)];
}

/** The file with those at their places, and the folders that have to be there then. */
export function withOwnBinds(
  rendered: ComposeData,
  { beside, shared, files }: OwnBindsOptions,
): { readonly rendered: ComposeData; readonly folders: readonly SharedFolder[] } {
  const folders = new Map<string, SharedFolder>();
  const placed = (volume: unknown): unknown => {
    const path = isRecord(volume) ? pathBeside(volume, beside) : null;
    if (!isRecord(volume) || path === null) return volume;
    const file = files.get(path);
    // What comes from a repository is the same for everybody, and nobody’s to write.
    if (file !== undefined) return { ...volume, source: file, read_only: true };
    const folder = `${shared}/${placeName(path)}`;
    folders.set(path, { path, folder });
    return { ...volume, source: folder };
  };
  const services = Object.entries(isRecord(rendered['services']) ? rendered['services'] : {}).map(
    ([name, service]) => {
      const volumes = volumesOf(service);
      return [
        name,
        volumes.length === 0 || !isRecord(service) ? service : { ...service, volumes: volumes.map(placed) },
      ];
    },
  );
  return {
    rendered: { ...rendered, services: Object.fromEntries(services) },
    folders: [...folders.values()],
  };
}

/** One segment, never `.` or `..`. */
function placeName(path: string): string {
  const name = `at-${encodeURIComponent(path)}`;
  if (name.length <= longestName) return name;
  return `at-${createHash('sha256').update(path).digest('hex')}`;
}

function volumesOf(service: unknown): readonly unknown[] {
  const volumes = isRecord(service) ? service['volumes'] : undefined;
  return Array.isArray(volumes) ? volumes : [];
}

function pathBeside(volume: unknown, beside: string): string | null {
  if (!isRecord(volume) || volume['type'] !== 'bind') return null;
  if (typeof volume['source'] !== 'string') return null;
  // Docker Compose leaves absolute paths as they were written.
  const source = normalize(volume['source']);
  if (source === beside) return '.';
  return source.startsWith(`${beside}/`) ? source.slice(beside.length + 1) : null;
}
