import type { AcceleratorVerdict } from '../machines/accelerator.ts';
import type { StepVoice } from '../operations/step.ts';
import type { KernelStore } from './kernel-store.ts';
import type { KernelRecipe } from './recipe.ts';

/** Finds out how machines run here as soon as a kernel is installed: the one that probes boot is the first of the recipes. */
export async function settleAccelerator(
  accelerator: AcceleratorVerdict,
  kernels: KernelStore,
  [recipe]: readonly KernelRecipe[],
  voice: Pick<StepVoice, 'log' | 'detail'> | null,
): Promise<void> {
  const kernel = recipe ? await kernels.find(recipe.name) : null;
  if (kernel === null) return voice?.detail('no kernel');
  const verdict = await accelerator.ensure(await kernels.files(kernel.name), kernel.digest);
  for (const line of [`accelerator class: ${verdict.class}`, ...verdict.evidence]) voice?.log(line);
  voice?.detail(verdict.class);
}
