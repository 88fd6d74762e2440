/** What paths of a Compose file are held against. */
export interface PathContext {
  /** Absolute folder of the Compose file, where relative paths begin; null while it is not on a playroom. */
  readonly folder: string | null;
  /** Absolute folders of the playroom that belong to the playground: its checkouts, the folder of the Compose file. */
  readonly roots: readonly string[];
  /**
   * An absolute path with all symbolic links followed. The engine must give it, for a checkout may hold a link to `/`; by
   * default a path is what it says.
   */
  readonly followLinks?: (path: string) => string;
  /** False for a file as written: what contains `${…}` is left to the look at the rendered one. */
  readonly rendered: boolean;
}

/** Whether a path leads out of the playground's own folders. */
export function leadsOut(path: string, context: PathContext): boolean {
  if (isUnknown(path, context)) return false;
  if (path.startsWith('~') || /^[A-Za-z]:|\\|\0/.test(path)) return true;
  const { folder, roots, followLinks = (same) => same } = context;
  if (folder === null && !path.startsWith('/')) return /^\.\.(\/|$)/.test(normalize(path));
  const real = normalize(followLinks(normalize(path.startsWith('/') ? path : `${folder}/${path}`)));
  return !roots.some((root) => isBelow(real, normalize(root)));
}

/**
 * The same for a file that is read while the Compose file is rendered, when it is too late to look: what is not known yet
 * leads out.
 */
export function readsOut(path: string, context: PathContext): boolean {
  return isUnknown(path, context) || leadsOut(path, context);
}

/** Whether the value is yet to be interpolated. In a rendered file a `$` is a dollar sign. */
export function isUnknown(value: unknown, { rendered }: Pick<PathContext, 'rendered'>): boolean {
  return !rendered && typeof value === 'string' && value.replaceAll('$$', '').includes('$');
}

/** Sockets of container engines, and the folders above them. */
export function isEngineSocket(path: string): boolean {
  const name = normalize(path);
  return (
    /(^|\/)(docker|containerd|podman|crio|buildkitd|dockershim)(\.raw)?\.sock(\.\w+)?$/.test(name) ||
    ['/', '/var', '/var/run', '/run', '/run/docker', '/run/containerd', '/var/lib/docker'].includes(name)
  );
}

/** Takes `.`, `..` and doubled slashes out of a path; what is left of `..` leads out of where it begins. */
export function normalize(path: string): string {
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return absolute ? `/${parts.join('/')}` : parts.join('/') || '.';
}

function isBelow(path: string, folder: string): boolean {
  return folder !== '/' && (path === folder || path.startsWith(`${folder}/`));
}
