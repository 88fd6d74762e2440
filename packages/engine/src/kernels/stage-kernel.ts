// The parts of an installation that an operation's steps, and a start that lacks a kernel, are made of.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { KernelOrigin } from '@playhouse/contract/kernel';
import { digestFile } from '../images/image-file.ts';
import type { StepVoice } from '../operations/step.ts';
import { runOrFail } from '../system/run.ts';
import { buildKernel } from './build-kernel.ts';
import { fetchKernel } from './fetch-kernel.ts';
import { type KernelFiles, kernelFiles, type KernelStore } from './kernel-store.ts';

export interface Workshop {
  readonly store: KernelStore;
  /** The repository's guest/ folder. */
  readonly guestDirectory: string;
}

/** Fetches into the staging folder `id`. Repeatable. */
export async function fetchInto(id: string, origin: KernelOrigin, { store }: Workshop, voice: StepVoice) {
  const folder = await store.stage(id);
  return await fetchKernel(origin, folder, `${folder}/drive`, voice);
}

/** Builds what was fetched. Repeatable. */
export async function buildInto(
  id: string,
  { store, guestDirectory }: Workshop,
  voice: StepVoice,
): Promise<KernelFiles> {
  const folder = await store.stage(id);
  const drive = `${folder}/drive`;
  const release = releaseIn(await readdir(`${drive}/boot`));
  return await buildKernel(release, { folder, drive, output: `${folder}/kernel` }, guestDirectory, voice);
}

/** Makes what was built the kernel `name`, and removes the staging folder. Repeatable: what is published is not there any more. */
export async function publishFrom(
  id: string,
  name: string,
  origin: KernelOrigin,
  { store }: Workshop,
): Promise<void> {
  const folder = await store.stage(id);
  const built = `${folder}/kernel`;
  if (!existsSync(built)) return await store.unstage(id);
  const release = releaseIn(await readdir(`${folder}/drive/boot`));
  const digest = await digestFile(kernelFiles(built).image);
  const { stdout } = await runOrFail(['du', '--summarize', '--block-size=1', built]);
  const { guestDigest } = store;
  const sizeBytes = Number(stdout.split('\t')[0]);
  await store.publish(built, { name, release, digest, guestDigest, origin, sizeBytes });
  await store.unstage(id);
}

function releaseIn(names: readonly string[]): string {
  const image = names.find((name) => name.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error('the staging folder holds no kernel');
  return image.slice('vmlinuz-'.length);
}
