// The steps of a `kernel.add` operation. Until the last one is done, nothing that machines use is touched.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { describeOrigin, type KernelOrigin } from '@playhouse/contract/kernel';
import type { Step, StepVoice } from '../operations/step.ts';
import { isDiskFull } from '../system/durable-file.ts';
import { type KernelFiles, kernelFiles } from './kernel-store.ts';
import { buildInto, fetchInto, publishFrom, type Workshop } from './stage-kernel.ts';

export interface KernelTools {
  readonly workshop: Workshop;
  /** Folder of the journals. */
  readonly journals: string;
  /** Boots a kernel once, as machines are. */
  readonly tryKernel: (name: string, files: KernelFiles, voice: StepVoice) => Promise<void>;
  /** Finds out how machines run here, if nobody knows yet. */
  readonly probeAccelerator: (voice: StepVoice) => Promise<void>;
  /** Names of the playgrounds whose machines use a kernel. */
  readonly usersOf: (kernel: string) => readonly string[];
  /** Called when kernels may have changed, however the operation ended. */
  readonly changed: () => Promise<void>;
}

interface AddContext extends KernelTools {
  readonly operationId: string;
  readonly kernel: string;
  readonly origin: KernelOrigin;
}

const steps: readonly Step<AddContext>[] = [
  {
    label: 'Fetching the kernel',
    run: async ({ operationId, origin, workshop }, voice) => {
      voice.log(describeOrigin(origin));
      voice.detail(await fetchInto(operationId, origin, workshop, voice));
    },
    undo: async ({ operationId, workshop }) => await workshop.store.unstage(operationId),
  },
  {
    label: 'Building modules drive and initramfs',
    run: async ({ operationId, workshop }, voice) => void (await buildInto(operationId, workshop, voice)),
  },
  {
    label: 'Trying the kernel',
    run: async ({ operationId, kernel, workshop, tryKernel }, voice) => {
      const staging = await workshop.store.stage(operationId);
      await tryKernel(kernel, kernelFiles(`${staging}/kernel`), voice);
    },
  },
  {
    label: 'Making it available',
    run: async ({ operationId, kernel, origin, workshop, probeAccelerator }, voice) => {
      await publishFrom(operationId, kernel, origin, workshop);
      await probeAccelerator(voice);
      voice.detail((await workshop.store.find(kernel))?.release ?? '');
    },
  },
];

/** The steps, in order. Machines can name the kernel only after the last. */
export const addKernelSteps: readonly Step<AddContext>[] = steps.map((step) => ({
  ...step,
  run: async (context, voice) =>
    await step.run(context, voice).catch((error: unknown) => {
      const full =
        isDiskFull(error) || /No space left on device|Could not allocate block/i.test(String(error));
      const path = context.workshop.store.directory;
      throw full ? new PlayhouseError('disk-full', { path }, { cause: error }) : error;
    }),
}));
