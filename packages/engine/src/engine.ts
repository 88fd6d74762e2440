// Puts the engine together: what touches the host, the playgrounds on it, the operations that change them, the link.
import { cpus, totalmem } from 'node:os';
import type { Configuration } from '@playhouse/contract/configuration';
import type { Inventory } from '@playhouse/contract/link/report';
import type { Logger } from 'pino';
import { GuestAgent } from './guest/guest-agent.ts';
import { bakeSteps } from './images/bake-source.ts';
import { digestGuest } from './images/install-kernel.ts';
import { KernelStore } from './images/kernel-store.ts';
import { type KernelRecipe, loadKernelRecipes, loadSourceRecipes } from './images/recipe.ts';
import { SourceStore } from './images/source-store.ts';
import { Outbox } from './link/outbox.ts';
import { ServerLink } from './link/server-link.ts';
import { AcceleratorVerdict } from './machines/accelerator.ts';
import { kernelCommandLine } from './machines/kernel-command-line.ts';
import { QemuDriver } from './machines/qemu/qemu-driver.ts';
import { qemuVersion } from './machines/qemu/qemu-version.ts';
import { findNameservers } from './networks/nameservers.ts';
import { Networks } from './networks/networks.ts';
import { Journal } from './operations/journal.ts';
import { type OperationPlan, OperationQueue } from './operations/operation-queue.ts';
import { OperationStore, type WorkCommand } from './operations/operation-store.ts';
import { runProcedure } from './operations/procedure.ts';
import type { StepVoice } from './operations/step.ts';
import { BootSlots } from './playgrounds/boot-slots.ts';
import { sweep } from './playgrounds/janitor.ts';
import { PlaygroundRecords } from './playgrounds/playground-record.ts';
import { Playgrounds } from './playgrounds/playgrounds.ts';
import type { PlayroomTools } from './playgrounds/playroom-tools.ts';
import { answer } from './playgrounds/questions.ts';
import { Cgroups } from './system/cgroup.ts';
import { makePrivateDirectory } from './system/durable-file.ts';
import { enginePaths } from './system/engine-paths.ts';
import { type Installation, openInstallation } from './system/installation.ts';
import { claim } from './system/single-instance.ts';

const mebibyte = 1024 * 1024;
/** Part of the host’s memory that machines may have when the configuration does not say. */
const defaultMemoryShare = 0.8;

export interface EngineOptions {
  readonly configuration: Configuration;
  /** The repository: recipes and guest sources are read from it. */
  readonly codeDirectory: string;
  readonly version: string;
  readonly log: Logger;
}

export interface Engine {
  /** Stops working; machines run on. */
  stop(): void;
}

/** Claims the state directory, takes up what an earlier engine left, and dials the server. */
export async function startEngine({ configuration, codeDirectory, version, log }: EngineOptions): Promise<Engine> {
  const paths = enginePaths(configuration);
  for (const folder of [paths.root, paths.run]) await makePrivateDirectory(folder, 0o755);
  for (const folder of [paths.engine, paths.operations]) await makePrivateDirectory(folder);
  for (const folder of [paths.sources, paths.kernels]) await makePrivateDirectory(folder, 0o755);
  await claim(paths.engineSocket);
  const installation = await openInstallation(paths.installation);

  const [sourceRecipes, kernelRecipes] = await Promise.all([
    loadSourceRecipes(`${codeDirectory}/images`),
    loadKernelRecipes(`${codeDirectory}/images`),
  ]);
  const guestDirectory = `${codeDirectory}/guest`;
  const kernelNames = kernelRecipes.map(({ name }) => name);
  const kernels = new KernelStore(paths.kernels, kernelNames, await digestGuest(guestDirectory));
  const qemu = await qemuVersion();
  const accelerator = new AcceleratorVerdict(configuration.engine.accelerator, paths.accelerator, qemu);
  const sources = new SourceStore(paths.sources, sourceRecipes);
  const tools = await makeTools(configuration, installation, { kernels, sources }, accelerator, qemu);
  await tools.networks.prepareHost(configuration.engine.edgeRange);

  const outbox = new Outbox();
  const playgrounds = new Playgrounds(tools, (report) => outbox.playground(report), installation.firstRevision);
  const settle = async (voice: StepVoice | null) => {
    const { kernel, images } = await firstKernel(kernelRecipes, kernels);
    const verdict = kernel && images && (await accelerator.ensure(images, kernel.digest));
    if (verdict) for (const line of [`accelerator class: ${verdict.class}`, ...verdict.evidence]) voice?.log(line);
    voice?.detail(verdict?.class ?? 'no kernel');
  };
  const plan = (command: WorkCommand): OperationPlan => {
    switch (command.kind) {
      case 'playground.start':
        return {
          subject: command.playground.id,
          labels: playgrounds.startLabels,
          supersedes: false,
          run: async (reporter, signal) =>
            await playgrounds.start(command.playground, command.operationId, reporter, signal),
        };
      case 'playground.destroy':
        return {
          subject: command.playgroundId,
          labels: playgrounds.destroyLabels,
          supersedes: true,
          run: async (reporter, signal) =>
            await playgrounds.destroy(command.playgroundId, command.operationId, reporter, signal),
        };
      case 'source.bake':
        return {
          // All bakes share one subject: kernels are installed by them, and mmdebstrap wants the whole disk.
          subject: 'images',
          labels: bakeSteps.map(({ label }) => label),
          supersedes: false,
          run: async (reporter, signal) => {
            const recipe = tools.sources.recipe(command.source);
            const { operationId } = command;
            const context = { operationId, recipe, sources: tools.sources, kernels, kernelRecipes, guestDirectory };
            const journal = await Journal.open(`${paths.engine}/journal-${operationId}.jsonl`);
            try {
              await runProcedure({
                kind: command.kind,
                steps: bakeSteps,
                context: { ...context, probeAccelerator: settle },
                journal,
                reporter,
                signal,
              });
            } finally {
              await journal.discard();
              await link.tellInventory();
            }
            await collectLayers(tools, queue);
          },
        };
    }
  };
  const queue = new OperationQueue(new OperationStore(paths.operations), outbox, plan, installation.firstRevision);
  const link = new ServerLink({
    socket: paths.linkSocket,
    installation: installation.id,
    version,
    outbox,
    log,
    handlers: {
      command: async (sequence, command) => await queue.accept(sequence, command),
      question: async (question) => await answer(tools, question),
      reported: async (subject, revision) => await queue.acknowledged(subject, revision),
      inventory: async () => await takeInventory(configuration, tools, accelerator),
    },
  });

  await tools.records.load();
  for (const line of await sweep(tools)) log.warn(`removed what belonged to no playground: ${line}`);
  await playgrounds.adopt();
  await settle(null);
  await queue.resume();
  await collectLayers(tools, queue);
  link.open();
  void playgrounds.revive(log);
  log.info({ installation: installation.id, accelerator: accelerator.current }, 'engine ready');
  return {
    stop: () => {
      link.close();
      playgrounds.release();
    },
  };
}

async function makeTools(
  configuration: Configuration,
  installation: Installation,
  images: Pick<PlayroomTools, 'kernels' | 'sources'>,
  accelerator: AcceleratorVerdict,
  qemu: readonly [number, number],
): Promise<PlayroomTools> {
  const paths = enginePaths(configuration);
  const cgroups = new Cgroups(installation.cgroup);
  const { edgeRange, bootConcurrency, bootTimeoutSeconds, nameservers, machineUser } = configuration.engine;
  const machineOptions = () => ({ accelerator: accelerator.facts.class, user: machineUser, version: qemu });
  return {
    paths,
    records: new PlaygroundRecords(paths),
    settings: { devices: installation.devices, edgeRange },
    ...images,
    networks: new Networks(installation.devices),
    driver: new QemuDriver(cgroups, machineOptions),
    cgroups,
    bootSlots: new BootSlots(bootConcurrency || cpus().length),
    nameservers: await findNameservers(nameservers),
    commandLine: () => kernelCommandLine(accelerator.facts),
    bootTimeoutMs: () => (bootTimeoutSeconds || (accelerator.facts.class === 'kvm' ? 60 : 300)) * 1000,
    connectAgent: async (socket, timeoutMs, signal) => await GuestAgent.connect(socket, { timeoutMs, signal }),
  };
}

async function takeInventory(
  configuration: Configuration,
  tools: PlayroomTools,
  accelerator: AcceleratorVerdict,
): Promise<Inventory> {
  const { memoryBudgetMiB } = configuration.engine;
  const [sources, kernels] = await Promise.all([tools.sources.list(), tools.kernels.list()]);
  return {
    accelerator: accelerator.current,
    cpuCount: cpus().length,
    memoryBudgetBytes: memoryBudgetMiB > 0 ? memoryBudgetMiB * mebibyte : Math.floor(totalmem() * defaultMemoryShare),
    sources: [...sources],
    kernels: [...kernels],
  };
}

/** The kernel that probes boot: the first of the recipes, once it is installed. */
async function firstKernel(recipes: readonly KernelRecipe[], store: KernelStore) {
  const [recipe] = recipes;
  const kernel = recipe ? await store.find(recipe.name) : null;
  return { kernel, images: kernel && (await store.files(kernel.name)) };
}

async function collectLayers({ records, sources, kernels }: PlayroomTools, queue: OperationQueue): Promise<void> {
  const inUse = records.all().flatMap(({ machines }) => machines.flatMap(({ layer }) => layer ?? []));
  await sources.collect(new Set(inUse), queue.unfinished);
  await kernels.removeStaging(queue.unfinished);
}
