// The steps of a `source.bake` operation: kernel and accelerator first, since a source without them cannot be started, then
// packages → root directory → file system → base layer. Must leave nothing behind unless the layer is complete.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { defaultKernel } from '@playhouse/contract/manifest/kernel-reference';
import type { KernelInstaller } from '../kernels/kernel-installer.ts';
import { convertToQcow2, virtualSize } from '../layers/qemu-img.ts';
import type { Step, StepVoice } from '../operations/step.ts';
import { isDiskFull, removeTree } from '../system/durable-file.ts';
import { bootstrap } from './bootstrap.ts';
import { digestFile, makeExt4 } from './image-file.ts';
import { findMirror } from './mirror.ts';
import type { SourceRecipe } from './recipe.ts';
import type { SourceStore } from './source-store.ts';
import { stat } from 'node:fs/promises';

export interface BakeContext {
  readonly operationId: string;
  readonly recipe: SourceRecipe;
  readonly sources: SourceStore;
  readonly kernelInstaller: Pick<KernelInstaller, 'ensure'>;
  /** Finds out how machines run here, once a kernel is there to boot. */
  readonly probeAccelerator: (voice: StepVoice) => Promise<void>;
}

/** Only the one that machines have who name none: the others are installed by the first start that names them. */
const kernelStep: Step<BakeContext> = {
  label: 'Installing the kernel',
  run: async ({ kernelInstaller }, voice) => await kernelInstaller.ensure(defaultKernel, voice),
};

const probeStep: Step<BakeContext> = {
  label: 'Probing the accelerator',
  run: async ({ probeAccelerator }, voice) => await probeAccelerator(voice),
};

const bakeStep: Step<BakeContext> = {
  label: 'Baking the base layer',
  run: async (context, voice) => {
    const { recipe, sources, operationId } = context;
    const staging = await sources.stage(operationId);
    const [root, raw, layer] = [`${staging}/root`, `${staging}/root.ext4`, `${staging}/layer.qcow2`];
    const { suite, packages, customize } = recipe;
    voice.detail('installing packages');
    await bootstrap(
      { suite, variant: 'minbase', packages, customize, target: root },
      await findMirror(suite),
      {
        signal: voice.signal,
        onLine: (line) => voice.log(line),
      },
    );
    voice.detail('making the file system');
    await makeExt4(root, raw, { label: 'root', slackBytes: 0, journal: true });
    await removeTree(root);
    voice.detail('making the layer');
    await convertToQcow2(raw, layer);
    await removeTree(raw);
    const [{ size }, virtualBytes, digest] = await Promise.all([
      stat(layer),
      virtualSize(layer),
      digestFile(layer),
    ]);
    const { name, users } = recipe;
    const bakedAt = new Date().toISOString();
    await sources.publish(layer, {
      name,
      digest,
      sizeBytes: size,
      virtualBytes,
      users: [...users],
      bakedAt,
      image: null,
    });
    await sources.unstage(operationId);
  },
  undo: async ({ sources, operationId }) => await sources.unstage(operationId),
};

/** The steps, in order. Any failure of a host program becomes `bake-failed` or `disk-full`. */
export const bakeSteps: readonly Step<BakeContext>[] = [kernelStep, probeStep, bakeStep].map((step) => ({
  ...step,
  run: async (context, voice) =>
    await step.run(context, voice).catch((error: unknown) => explain(error, step.label, context)),
}));

function explain(error: unknown, step: string, { recipe, sources }: BakeContext): never {
  const detail = error instanceof Error ? error.message : String(error);
  if (
    isDiskFull(error) ||
    /No space left on device|disk full|not enough free space|Could not allocate block/i.test(detail)
  ) {
    throw new PlayhouseError('disk-full', { path: sources.directory }, { cause: error });
  }
  if (error instanceof PlayhouseError && error.code !== 'command-failed') throw error;
  throw new PlayhouseError('bake-failed', { source: recipe.name, step, detail }, { cause: error });
}
