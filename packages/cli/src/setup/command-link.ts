// Puts `playhouse` on the PATH, so that hints and pages can say `playhouse …`. Only for the installation of the host itself:
// one with a state directory of its own is a second one beside it.
import { lstat, readlink, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configurationSchema } from '@playhouse/contract/configuration';

const defaultStateDirectory = configurationSchema.parse({}).stateDirectory;

export interface CommandLinkInput {
  readonly codeRoot: string;
  readonly stateDirectory: string;
  readonly link?: string;
}

const defaultLink = '/usr/local/bin/playhouse';

/** Makes the link unless something is there, which is never replaced. Resolves with whether it was made. */
export async function ensureCommandLink(input: CommandLinkInput): Promise<boolean> {
  const { link = defaultLink } = input;
  if (!isMain(input) || !(await exists(dirname(link))) || (await exists(link))) return false;
  await symlink(join(input.codeRoot, 'playhouse'), link);
  return true;
}

/** Removes the link if it leads into this checkout. */
export async function removeCommandLink(input: CommandLinkInput): Promise<void> {
  const { link = defaultLink } = input;
  const target = await readlink(link).catch(() => null);
  if (isMain(input) && target === join(input.codeRoot, 'playhouse')) await unlink(link);
}

function isMain({ stateDirectory }: CommandLinkInput): boolean {
  return stateDirectory === defaultStateDirectory;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
