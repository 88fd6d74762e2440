// From wherever a kernel comes to a folder that has the shape of its modules drive: `boot/` and `modules/`.
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { whyUnreadable } from '@playhouse/contract/errors/why-unreadable';
import type { KernelOrigin } from '@playhouse/contract/kernel';
import type { StepVoice } from '../operations/step.ts';
import { copyModules } from './copy-modules.ts';
import { fetchPackage, forgetPackage } from './fetch-package.ts';
import { imageHeadBytes, releaseOf } from './kernel-image.ts';
import { unpackDeb } from './unpack-deb.ts';

/**
 * Fills `target` anew, working in `folder`.
 * @returns the kernel's release
 * @throws PlayhouseError kernel-unusable, kernel-package-unknown, file-unreadable, command-failed, cancelled
 */
export async function fetchKernel(
  origin: KernelOrigin,
  folder: string,
  target: string,
  voice: StepVoice,
): Promise<string> {
  await rm(target, { recursive: true, force: true });
  for (const part of ['boot', 'modules']) await mkdir(`${target}/${part}`, { recursive: true, mode: 0o755 });
  if (origin.kind === 'image') return await fetchImage(origin, target, voice);
  const deb =
    origin.kind === 'package'
      ? await fetchPackage(origin, folder, voice)
      : await copyOf(origin.path, `${folder}/package.deb`);
  voice.detail('unpacking the package');
  const name = origin.kind === 'package' ? origin.package : origin.path;
  const release = await unpackDeb(deb, target, name, voice.signal);
  await forgetPackage(folder);
  const image = `${target}/boot/vmlinuz-${release}`;
  const inside = releaseOf(await readHead(image, name), name);
  if (inside === release) return release;
  throw new PlayhouseError('kernel-unusable', {
    kernel: name,
    detail: `it is named ${release}, but its image says ${inside}`,
  });
}

async function fetchImage(
  { path, modules }: Extract<KernelOrigin, { kind: 'image' }>,
  target: string,
  voice: StepVoice,
): Promise<string> {
  voice.detail('copying the image');
  const release = releaseOf(await readHead(path, path), path);
  await copyOf(path, `${target}/boot/vmlinuz-${release}`);
  voice.detail('copying the modules');
  if (modules !== null) await copyModules(modules, `${target}/modules`, path);
  return release;
}

/** From here on nobody can change the file under our hands. */
async function copyOf(path: string, copy: string): Promise<string> {
  try {
    await requireFile(path);
    await copyFile(path, copy);
    return copy;
  } catch (error) {
    throw new PlayhouseError(
      'file-unreadable',
      { file: path, detail: whyUnreadable(error) },
      { cause: error },
    );
  }
}

async function readHead(path: string, file: string): Promise<Uint8Array> {
  try {
    await requireFile(path);
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(path, { end: imageHeadBytes - 1 }))
      chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    throw new PlayhouseError('file-unreadable', { file, detail: whyUnreadable(error) }, { cause: error });
  }
}

/** A pipe or a device would never end. */
async function requireFile(path: string): Promise<void> {
  if (!(await stat(path)).isFile()) throw new Error('it is no file');
}
