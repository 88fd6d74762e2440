import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How this user calls the command from here: by name when PATH leads to this checkout, else by its path. */
export function programName(codeRoot: string, path: string, directory: string): string {
  const launcher = join(codeRoot, 'playhouse');
  const first = path
    .split(delimiter)
    .map((folder) => join(folder, 'playhouse'))
    .find((file) => file.startsWith('/') && isExecutable(file));
  if (first !== undefined && realPath(first) === realPath(launcher)) return 'playhouse';
  return directory === codeRoot ? './playhouse' : launcher;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
