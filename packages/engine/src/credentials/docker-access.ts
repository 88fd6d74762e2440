// What the Docker client is told of credentials: a configuration of its own in a private folder, gone when it has ended.
import { symlink, writeFile } from 'node:fs/promises';
import { registryOfImage } from '@playhouse/contract/credential-place';
import type { Credentials } from './credentials.ts';

export interface DockerAccess {
  /** Folder of the client’s configuration; null for its usual one. */
  readonly configuration: string | null;
  /** What is used for an image, in words. */
  readonly credentialFor: (image: string) => string;
}

/** The name under which the client looks for Docker’s own registry. */
const hubKey = 'https://index.docker.io/v1/';

/** Does work with the registries that somebody’s credentials open, else the playroom’s own (`fallback`, by registry). */
export async function withDockerAccess<Result>(
  credentials: Credentials,
  {
    owner,
    fallback,
    plugins,
    lends = () => true,
  }: {
    readonly owner: string;
    readonly fallback: ReadonlyMap<string, { readonly username: string; readonly password: string }>;
    /** Folder of the client’s plugins. */
    readonly plugins: string;
    /** Whether somebody’s own credential of a registry is lent. Default: all are. */
    readonly lends?: (registry: string) => boolean;
  },
  work: (access: DockerAccess) => Promise<Result>,
): Promise<Result> {
  const all = await credentials.forRegistries(owner);
  const own = new Map([...all].filter(([registry]) => lends(registry)));
  const logins = new Map(fallback);
  for (const [registry, { username, secret }] of own) logins.set(registry, { username, password: secret });
  const credentialFor = (image: string): string => {
    const registry = registryOfImage(image);
    const name = own.get(registry)?.name;
    if (name !== undefined) return `with the credential ${name}`;
    return fallback.has(registry) ? 'with the playroom’s login' : 'and there is no credential that fits';
  };
  if (logins.size === 0) return await work({ configuration: null, credentialFor });
  return await credentials.withFolder(async (configuration) => {
    const auths = [...logins].map(([registry, { username, password }]) => [
      registry === 'docker.io' ? hubKey : registry,
      { auth: Buffer.from(`${username}:${password}`).toString('base64') },
    ]);
    const text = JSON.stringify({ auths: Object.fromEntries(auths) });
    await writeFile(`${configuration}/config.json`, text, { mode: 0o600 });
    await symlink(plugins, `${configuration}/cli-plugins`);
    return await work({ configuration, credentialFor });
  });
}
