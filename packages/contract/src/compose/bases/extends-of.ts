import { isRecord } from '../../manifest/noun.ts';

/** What a service takes over from. */
export interface Extends {
  /** Null for the same file. */
  readonly file: string | null;
  readonly service: string;
}

/** Reads `extends` in its short or long form; null when there is none. */
export function extendsOf(service: unknown): Extends | null {
  const written: unknown = isRecord(service) ? service['extends'] : undefined;
  if (typeof written === 'string') return { file: null, service: written };
  if (!isRecord(written)) return null;
  const { file, service: name } = written;
  return { file: typeof file === 'string' ? file : null, service: typeof name === 'string' ? name : '' };
}

/**
 * True for what Docker Compose would fetch from elsewhere: an address, `user@host:path`, or a repository at GitHub. No path of a
 * repository that a file could name has a colon.
 */
export function isRemoteFile(file: string): boolean {
  return file.includes(':') || /^github\.com\//i.test(file.replace(/^(\.?\/)+/, ''));
}
