import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How this user calls the command from here: by name when it is in PATH, else by its path. */
export function programName(codeRoot: string, path: string, directory: string): string {
  const named = path
    .split(delimiter)
    .some((folder) => folder !== '' && isExecutable(join(folder, 'playhouse')));
  if (named) return 'playhouse';
  return directory === codeRoot ? './playhouse' : join(codeRoot, 'playhouse');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
