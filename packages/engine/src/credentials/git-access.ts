// What Git is told of a credential: by settings that name private files, which are gone when it has ended.
import { writeFile } from 'node:fs/promises';
import { withNewline } from './check-credential.ts';
import type { Credentials, OpenedCredential } from './credentials.ts';
import { gitAuthorities } from './git-authorities.ts';

/** What is added to Git’s settings and environment for one repository. */
export interface GitAccess {
  readonly settings: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** In words, for errors. */
  readonly credential: string;
  /** What is secret in what Git prints; a server can have it repeat what it was sent. */
  readonly secret: string | null;
}

/** Does work that asks a repository, as who owns the playground. */
export type WithGitAccess = <Result>(
  url: string,
  work: (access: GitAccess) => Promise<Result>,
) => Promise<Result>;

export const noGitAccess: GitAccess = {
  ...{ settings: {}, environment: {}, secret: null },
  credential: 'without a credential',
};

/** What repositories are opened with. */
export interface GitTools {
  readonly credentials: Credentials;
  /** PEM file of authorities that vouch for Git servers besides those that the host trusts; empty for none. */
  readonly gitAuthorityFile: string;
}

/** `who` is said of the owner where nothing fits. */
export function gitAccessFor(
  { credentials, gitAuthorityFile }: GitTools,
  owner: string,
  who = 'who owns the playground has',
): WithGitAccess {
  return async (url, work) => {
    const trust = await gitAuthorities(url, gitAuthorityFile);
    const found = await credentials.forRepository(owner, url);
    if (found === null) {
      return await work({
        ...noGitAccess,
        settings: trust,
        credential: `and ${who} no credential that fits`,
      });
    }
    return await credentials.withFolder(async (folder) => {
      const access = await accessBy(found, url, folder);
      return await work({ ...access, settings: { ...access.settings, ...trust } });
    });
  };
}

async function accessBy(found: OpenedCredential, url: string, folder: string): Promise<GitAccess> {
  const { name, username, secret, knownHosts } = found;
  const said = { credential: `with the credential ${name}`, secret };
  if (/^https?:/.test(url)) {
    const login = new URL(url);
    login.username = encodeURIComponent(username === '' ? 'git' : username);
    login.password = encodeURIComponent(secret);
    await writeFile(
      `${folder}/login`,
      `${login.protocol}//${login.username}:${login.password}@${login.host}\n`,
      {
        mode: 0o600,
      },
    );
    return { ...said, settings: { 'credential.helper': `store --file=${folder}/login` }, environment: {} };
  }
  await writeFile(`${folder}/key`, withNewline(secret), { mode: 0o600 });
  await writeFile(`${folder}/known_hosts`, withNewline(knownHosts), { mode: 0o600 });
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    'GlobalKnownHostsFile=/dev/null',
    `UserKnownHostsFile=${folder}/known_hosts`,
    'ConnectTimeout=30',
  ];
  const ssh = [
    'ssh',
    '-F',
    '/dev/null',
    '-i',
    `${folder}/key`,
    ...options.flatMap((option) => ['-o', option]),
  ];
  return { ...said, settings: {}, environment: { GIT_SSH_COMMAND: ssh.join(' ') } };
}
