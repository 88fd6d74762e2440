/** Where a Git repository is, as written. */
export interface Repository {
  readonly url: string;
  /** `file` is a path on the playroom itself; `ssh` also stands for `git@host:path`. */
  readonly transport: 'https' | 'http' | 'ssh' | 'file';
}

export type RepositoryFault = 'form' | 'credentials';

/**
 * Reads the address of a Git repository: `https://`, `http://`, `ssh://`, `git@host:path` or `file:///path`. Addresses with a
 * password in them are refused, for a Compose file is read by others. Other transports of Git run commands (`ext::`).
 */
export function parseRepository(text: string): Repository | RepositoryFault {
  if (text.length > 2000 || /[\s\p{Cc}`"'<>\\]/u.test(text)) return 'form';
  const scp = /^[\w.-]+@[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/)[^-].*$/.test(text);
  if (scp) return { url: text, transport: 'ssh' };
  const [, transport = ''] = /^(https?|ssh|file):\/\//.exec(text) ?? [];
  if (transport === '' || !URL.canParse(text)) return 'form';
  const { hostname, pathname, username, password } = new URL(text);
  if (password !== '' || (username !== '' && transport !== 'ssh')) return 'credentials';
  if (username.startsWith('-') || hostname.startsWith('-')) return 'form';
  if (pathname.replaceAll('/', '') === '' || (hostname === '') !== (transport === 'file')) return 'form';
  return { url: text, transport: transport as Repository['transport'] };
}
