// Which files of a kernel package are taken, and where they go. Everything else in it is left where it is.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { releasePattern } from './kernel-image.ts';

export interface PackageMember {
  readonly name: string;
  /** As tar-stream names them: `file`, `directory`, `symlink`, `link`, … */
  readonly type: string;
}

export interface TakenFile {
  readonly release: string;
  /** Below the folder that becomes the modules drive: `boot/…`, or `modules/…` for what is in `lib/modules/<release>`. */
  readonly path: string;
}

/**
 * Where a member of the package goes; null for one that is not wanted.
 * @throws PlayhouseError kernel-unusable for one that means to get out: paths that climb, and links or devices among the files
 */
export function placeMember({ name, type }: PackageMember, file: string): TakenFile | null {
  const parts = name
    .replace(/^\.\//, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || parts.includes('..') || name.includes('\0'))
    throw refused(file, `its member ${JSON.stringify(name)} leads outside`);
  const taken = bootFile(parts) ?? moduleFile(parts);
  if (taken === null || type === 'directory') return null;
  // `build` and `source` of a kernel lead to its headers, which come with another package.
  if (type === 'symlink' && /^modules\/(build|source)$/.test(taken.path)) return null;
  if (type !== 'file' && type !== 'contiguous-file')
    throw refused(file, `its member ${JSON.stringify(name)} is a ${type}, not a file`);
  return taken;
}

function bootFile(parts: readonly string[]): TakenFile | null {
  const [top, name = '', ...below] = parts;
  const release = /^(?:vmlinuz|config|System\.map)-(.+)$/.exec(name)?.[1];
  if (top !== 'boot' || below.length > 0 || release === undefined || !releasePattern.test(release))
    return null;
  return { release, path: `boot/${name}` };
}

function moduleFile(parts: readonly string[]): TakenFile | null {
  const [lib, modules, release = '', ...below] = parts[0] === 'usr' ? parts.slice(1) : parts;
  if (lib !== 'lib' || modules !== 'modules' || below.length === 0 || !releasePattern.test(release))
    return null;
  return { release, path: ['modules', ...below].join('/') };
}

function refused(file: string, detail: string): PlayhouseError {
  return new PlayhouseError('kernel-unusable', { kernel: file, detail });
}
