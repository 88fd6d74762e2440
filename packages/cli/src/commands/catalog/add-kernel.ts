import { resolve } from 'node:path';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { defaultKernelSuite, type KernelOrigin } from '@playhouse/contract/kernel';
import { finish } from '../../output/finish.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

export interface AddKernelInput {
  readonly name: string;
  readonly from?: string | undefined;
  readonly modules?: string | undefined;
  readonly suite?: string | undefined;
  readonly noWait: boolean;
}

/** `playhouse kernel add` */
export async function addKernel(context: Context, input: AddKernelInput): Promise<undefined> {
  const { name, noWait } = input;
  const origin = kernelOrigin(input);
  const { client } = await context.connect();
  const { operation } = await client('kernel.add', { body: { name, ...(origin ? { origin } : {}) } });
  if (noWait) {
    const words = `Kernel ${name} is being installed.\n  Follow it: playhouse logs ${operation.id} --follow\n`;
    await finish(context, { operation }, () => words);
    return;
  }
  const ended = await awaitOperation(context, operation);
  const words = `Kernel ${name} is installed.\n  Use it: kernel: "${name}" in a machine of a manifest\n`;
  await finish(context, { operation: ended }, () => words);
}

/**
 * What the words of the command line mean: nothing for a kernel that comes with Playhouse, a file where there is a slash or
 * `.deb` at the end, else a Debian package. Paths are made absolute here; it is the engine that reads them.
 * @throws PlayhouseError usage
 */
export function kernelOrigin({
  from,
  modules,
  suite,
}: Pick<AddKernelInput, 'from' | 'modules' | 'suite'>): KernelOrigin | null {
  const isDeb = from?.endsWith('.deb') === true;
  const isImage = !isDeb && from?.includes('/') === true;
  const isPackage = from !== undefined && !isDeb && !isImage;
  if (modules !== undefined && !isImage) throw misuse('--modules goes with a kernel image, given as a path');
  if (suite !== undefined && !isPackage) throw misuse('--suite goes with the name of a Debian package');
  if (from === undefined) return null;
  if (isDeb) return { kind: 'deb', path: resolve(from) };
  if (isPackage) return { kind: 'package', package: from, suite: suite ?? defaultKernelSuite };
  return { kind: 'image', path: resolve(from), modules: modules === undefined ? null : resolve(modules) };
}

function misuse(detail: string): PlayhouseError {
  return new PlayhouseError('usage', { detail, command: 'kernel add' });
}
