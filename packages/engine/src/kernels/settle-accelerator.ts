import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import type { AcceleratorVerdict } from '../machines/accelerator.ts';
import type { StepVoice } from '../operations/step.ts';
import type { KernelStore } from './kernel-store.ts';

/** Finds out how machines run here as soon as a kernel is installed: the default one if it is there, else any. */
export async function settleAccelerator(
  accelerator: AcceleratorVerdict,
  kernels: KernelStore,
  voice: Pick<StepVoice, 'log' | 'detail'> | null,
): Promise<void> {
  const installed = (await kernels.list()).filter((kernel) => kernel.installed);
  const kernel = installed.find(({ name }) => name === defaultKernel) ?? installed[0];
  if (kernel === undefined) return voice?.detail('no kernel');
  const verdict = await accelerator.ensure(await kernels.files(kernel.name), kernel.digest ?? '');
  for (const line of [`accelerator class: ${verdict.class}`, ...verdict.evidence]) voice?.log(line);
  voice?.detail(verdict.class);
}
