// Names on disk, relative to `stateDirectory`. docs/on-disk.md documents each; nobody else spells these names.
import type { Configuration } from './configuration.ts';

/** Paths that more than one process uses. What only the engine or only the server uses is named in their own packages. */
export function sharedPaths(configuration: Pick<Configuration, 'stateDirectory'>) {
  const root = configuration.stateDirectory;
  return {
    root,
    /** Written by the server (0600, its own user), read by `up` and the CLI as root. */
    adminToken: `${root}/server/admin-token`,
    /** The server’s folder: database, token. Owned by the server’s user. */
    server: `${root}/server`,
    /** Runtime files: sockets, pid files. */
    run: `${root}/run`,
    /** Where the engine dials the server. In a folder that only root and the server’s user can enter. */
    linkSocket: `${root}/run/server/link.sock`,
    serverRun: `${root}/run/server`,
    logs: `${root}/logs`,
  } as const;
}
