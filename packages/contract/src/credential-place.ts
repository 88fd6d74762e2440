// What a credential opens: all repositories at an address or below it, or a registry.
import { parseRepository } from './compose/labels/repository.ts';
import type { NewCredential } from './credential.ts';
import { registrySchema } from './image-reference.ts';

interface RepositoryPlace {
  readonly transport: 'https' | 'http' | 'ssh';
  /** Null: whoever the repository is asked as. */
  readonly user: string | null;
  /** With a port if there is one. */
  readonly host: string;
  /** Segments of the path; `.git` at its end does not count. */
  readonly path: readonly string[];
}

/**
 * Reads where repositories are: `https://git.example.org/ann`, `ssh://git@git.example.org:2222/ann`, `git@git.example.org:ann`, with
 * or without a path. Null when it is none of these, or has a password in it.
 */
export function readPlace(text: string): RepositoryPlace | null {
  if (text.length > 2000 || /[\s\p{Cc}`"'<>\\]/u.test(text)) return null;
  const [, user, host, path = ''] =
    /^(?:([\w.-]+)@)([A-Za-z0-9][A-Za-z0-9.-]*)(?::(?!\/\/)(.*))?$/.exec(text) ?? [];
  if (user !== undefined && host !== undefined && !text.includes('://'))
    return { transport: 'ssh', user, host: host.toLowerCase(), path: segmentsOf(path) };
  if (!/^(https?|ssh):\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const transport = url.protocol.slice(0, -1) as RepositoryPlace['transport'];
  if (url.hostname === '' || url.hostname.startsWith('-') || url.username.startsWith('-')) return null;
  if (url.password !== '' || url.search !== '' || url.hash !== '') return null;
  if (url.username !== '' && transport !== 'ssh') return null;
  const port = transport === 'ssh' && url.port === '22' ? '' : url.port;
  const at = `${url.hostname.toLowerCase()}${port === '' ? '' : `:${port}`}`;
  return { transport, user: url.username || null, host: at, path: segmentsOf(url.pathname) };
}

/** Why a credential of that kind cannot open that place; null when it can. */
export function placeFault({ kind, place }: Pick<NewCredential, 'kind' | 'place'>): string | null {
  if (kind === 'registry') {
    const isRegistry = registrySchema.safeParse(place).success;
    return isRegistry ? null : `${place} is no registry as in registry.example:5000`;
  }
  const opened = readPlace(place);
  if (opened === null)
    return `${place} is no place of repositories as https://git.example.org/ann or git@git.example.org:ann`;
  if (kind === 'key')
    return opened.transport === 'ssh' ? null : `a key opens repositories over SSH, which ${place} is not`;
  if (opened.transport === 'ssh') return `${place} is opened by a key, not by a token`;
  return opened.transport === 'http' && !isLoopback(opened.host)
    ? `over ${place} everybody in between could read the token; use https://`
    : null;
}

/** How well a place fits a repository: the more of its path, the better; null when it does not. */
export function fitOf(place: string, repository: string): number | null {
  const parsed = parseRepository(repository);
  const [opened, wanted] = [readPlace(place), readPlace(repository)];
  if (typeof parsed === 'string' || opened === null || wanted === null) return null;
  const same = opened.transport === wanted.transport && opened.host === wanted.host;
  if (!same || (opened.user !== null && opened.user !== wanted.user)) return null;
  const begins = opened.path.every((segment, index) => segment === wanted.path[index]);
  return begins ? opened.path.length : null;
}

/** The registry that an image is of, as its name says. */
export function registryOfImage(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const named = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return named ? first.toLowerCase() : 'docker.io';
}

function segmentsOf(path: string): readonly string[] {
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return segments.map((segment, index) =>
    index === segments.length - 1 ? segment.replace(/\.git$/, '') : segment,
  );
}

function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}
