// What the engine works with: images, kernels, layers, the vault, and the tools that playgrounds of machines are made with.
import type { Configuration } from '@playhouse/contract/configuration';
import type { Logger } from 'pino';
import { BlobCache } from './images/blob-cache.ts';
import { ImagePulls } from './images/image-pulls.ts';
import { loadKernelRecipes, loadSourceRecipes } from './images/recipe.ts';
import { SourceStore } from './images/source-store.ts';
import { KernelInstaller } from './kernels/kernel-installer.ts';
import { KernelStore } from './kernels/kernel-store.ts';
import { settleAccelerator } from './kernels/settle-accelerator.ts';
import { kernelTrial } from './kernels/try-kernel.ts';
import { Registries } from './registry/registries.ts';
import { LayerStore } from './layers/layer-store.ts';
import { AcceleratorVerdict } from './machines/accelerator.ts';
import { qemuVersion } from './machines/qemu/qemu-version.ts';
import type { StepVoice } from './operations/step.ts';
import { makePlayroomTools } from './playgrounds/make-playroom-tools.ts';
import type { PlayroomTools } from './playgrounds/playroom-tools.ts';
import { SnapshotStore } from './snapshots/snapshot-store.ts';
import { VaultKeeper } from './snapshots/vault-keeper.ts';
import { openVault } from './vault/open-vault.ts';
import { digestFolder } from './system/build-program.ts';
import { enginePaths } from './system/engine-paths.ts';
import { type Installation } from './system/installation.ts';

const gibibyte = 1024 ** 3;

/** What this host and the repository offer: images, how machines run, the tools that playgrounds are made with. */
export async function openPlayroom(
  configuration: Configuration,
  codeDirectory: string,
  installation: Installation,
  underWay: PlayroomTools['underWay'],
  log: Logger,
) {
  const paths = enginePaths(configuration);
  const [sourceRecipes, kernelRecipes] = await Promise.all([
    loadSourceRecipes(`${codeDirectory}/images`),
    loadKernelRecipes(`${codeDirectory}/images`),
  ]);
  const guestDirectory = `${codeDirectory}/guest`;
  const kernels = new KernelStore(paths.kernels, kernelRecipes, await digestFolder(guestDirectory));
  const kernelInstaller = new KernelInstaller({ store: kernels, guestDirectory });
  const { insecureRegistries, imageLimitGiB, sourceStandIns } = configuration.engine;
  const sources = new SourceStore(paths.sources, sourceRecipes, sourceStandIns);
  const registries = await Registries.open({
    file: paths.registries,
    keyFile: paths.secretsKey,
    run: paths.run,
    insecure: insecureRegistries.split(/\s+/).filter(Boolean),
  });
  const [layers, snapshots] = [new LayerStore(paths.layers), new SnapshotStore(paths.snapshots)];
  const vault = await openVault(configuration, paths);
  const vaultKeeper = new VaultKeeper({ vault, snapshots, layers, removals: paths.vaultRemovals, log });
  const blobs = new BlobCache(paths.blobs);
  await blobs.prepare();
  const pulls = new ImagePulls({ sources, blobs, registries, limitBytes: imageLimitGiB * gibibyte });
  const qemu = await qemuVersion();
  const accelerator = new AcceleratorVerdict(configuration.engine.accelerator, paths.accelerator, qemu);
  const probeAccelerator = async (voice: StepVoice | null) =>
    await settleAccelerator(accelerator, kernels, voice);
  const tryKernel = kernelTrial(accelerator, { user: configuration.engine.machineUser, version: qemu });
  return {
    images: { sources, kernelInstaller, probeAccelerator, tryKernel },
    accelerator,
    registries,
    tools: await makePlayroomTools(configuration, {
      ...{ installation, accelerator, qemu, underWay },
      ...{ layers, snapshots, vaultKeeper },
      ...{ kernels, kernelInstaller, sources, pulls },
    }),
  };
}
