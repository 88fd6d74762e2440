// Puts the engine together: what touches the host, the playgrounds on it, the operations that change them, the link.
import type { Configuration } from '@playhouse/contract/configuration';
import type { Logger } from 'pino';
import { planBake } from './images/bake-operation.ts';
import { planPull, planRemove } from './images/source-operations.ts';
import { planKernelAdd, planKernelRemove } from './kernels/kernel-operations.ts';
import { isCredentialQuestion } from './credentials/answer-credentials.ts';
import { answerRegistry, isRegistryQuestion } from './registry/answer-registry.ts';
import { Outbox } from './link/outbox.ts';
import { ServerLink } from './link/server-link.ts';
import { type OperationPlan, OperationQueue } from './operations/operation-queue.ts';
import { OperationStore, type WorkCommand } from './operations/operation-store.ts';
import { takeInventory } from './playgrounds/inventory.ts';
import { limitConsoles } from './playgrounds/console-limit.ts';
import { sweep } from './playgrounds/janitor.ts';
import { tendNetworks } from './playgrounds/tend-networks.ts';
import { kernelUsers } from './playgrounds/kernel-users.ts';
import {
  planDestroy,
  planMachine,
  planRewind,
  planSnapshot,
  planStart,
  planStop,
  planSuspend,
} from './playgrounds/playground-operations.ts';
import { Playgrounds } from './playgrounds/playgrounds.ts';
import type { PlayroomTools } from './playgrounds/playroom-tools.ts';
import { answer } from './playgrounds/questions.ts';
import { sourceUsers } from './playgrounds/source-users.ts';
import { answerStorage, isStorageQuestion } from './playgrounds/storage/answer-storage.ts';
import { collectLayers } from './playgrounds/storage/collect-layers.ts';
import { evictLayers } from './playgrounds/storage/evict-layers.ts';
import { nameUnreadable } from './playgrounds/storage/name-unreadable.ts';
import { planCompare } from './playgrounds/compare/plan-compare.ts';
import { planDrillVault } from './playgrounds/drill/drill-vault.ts';
import { planRemoveSnapshot } from './playgrounds/storage/remove-snapshot.ts';
import { tendChains } from './playgrounds/storage/tend-chains.ts';
import { planVerifyVault } from './playgrounds/storage/verify-vault.ts';
import { openPlayroom } from './open-playroom.ts';
import { isLogQuestion } from './services/logs/log-streams.ts';
import { openServices } from './services/open-services.ts';
import { isAccessQuestion } from './services/access/services-access.ts';
import { planServices } from './services/services-operations.ts';
import { makePrivateDirectory } from './system/durable-file.ts';
import { type EnginePaths, enginePaths } from './system/engine-paths.ts';
import { openInstallation } from './system/installation.ts';
import { useLauncher } from './system/launcher/current-launcher.ts';
import { openLauncher } from './system/launcher/open-launcher.ts';
import { openSecretBox } from './system/open-secret-box.ts';
import { claim } from './system/single-instance.ts';

const consoleCheckMs = 10_000;
const networkCheckMs = 10_000;
const gibibyte = 1024 ** 3;

export interface EngineOptions {
  readonly configuration: Configuration;
  /** The repository: recipes and guest sources are read from it. */
  readonly codeDirectory: string;
  readonly version: string;
  readonly log: Logger;
}

export interface Engine {
  /** Stops working; machines and containers run on. */
  stop(): Promise<void>;
}

/** Claims the state directory, takes up what an earlier engine left, and dials the server. */
export async function startEngine({
  configuration,
  codeDirectory,
  version,
  log,
}: EngineOptions): Promise<Engine> {
  const paths = enginePaths(configuration);
  await makeDirectories(paths);
  await claim(paths.engineSocket);
  await takeLauncher(`${codeDirectory}/launcher`, paths.engine, log);
  const installation = await openInstallation(paths.installation);
  const { images, accelerator, tools, registries } = await openPlayroom(
    configuration,
    codeDirectory,
    installation,
    (operationId) => queue.unfinished.has(operationId),
    log,
  );
  const { edgeRange, reachableRanges } = configuration.engine;
  await tools.networks.prepareHost({
    edgeRange,
    reachableRanges: reachableRanges.split(/\s+/).filter(Boolean),
  });

  const outbox = new Outbox();
  const playgrounds = new Playgrounds(
    tools,
    (report) => outbox.playground(report),
    installation.firstRevision,
  );
  const services = await openServices({
    ...{ configuration, paths, registries, log },
    ...{ records: tools.services, storage: tools },
    installation: installation.id,
    firstRevision: installation.firstRevision,
    tell: (report) => outbox.playground(report),
  });
  const collect = async () => await collectLayers(tools, queue);
  const changed = async () => {
    await link.tellInventory();
    await collect();
  };
  const kernelTools = {
    workshop: images.kernelInstaller.workshop,
    journals: paths.engine,
    tryKernel: images.tryKernel,
    probeAccelerator: images.probeAccelerator,
    usersOf: (kernel: string) => kernelUsers(tools.records, kernel),
    changed: async () => await link.tellInventory(),
  };
  const bakeTools = { ...images, journals: paths.engine, changed };
  const { sources, pulls } = tools;
  pulls.onPulled(async () => {
    const warn = (error: unknown) => log.error({ err: error }, 'cleaning up after a pull failed');
    await link.tellInventory().catch(warn);
    // Nobody needs to wait for what is left to be removed.
    void collectLayers(tools, queue).catch(warn);
  });
  const sourceTools = {
    sources,
    pulls,
    usersOf: (source: string) => sourceUsers(tools.records, tools.sources, source),
    changed,
  };
  const plan = (command: WorkCommand): OperationPlan => {
    switch (command.kind) {
      case 'playground.start':
      case 'playground.restart':
        return planStart(command, playgrounds);
      case 'services.start':
      case 'services.rewind':
      case 'services.rollout':
      case 'services.stop':
      case 'services.destroy':
        return planServices(command, services.playgrounds, collect);
      case 'playground.stop':
        return planStop(command, playgrounds);
      case 'playground.destroy':
        return planDestroy(command, playgrounds, collect);
      case 'machine.stop':
      case 'machine.restart':
      case 'machine.reboot':
        return planMachine(command, playgrounds);
      case 'playground.suspend':
        return planSuspend(command, playgrounds);
      case 'playground.snapshot':
        return services.playgrounds.has(command.playgroundId)
          ? planServices(command, services.playgrounds, collect)
          : planSnapshot(command, playgrounds);
      case 'playground.rewind':
        return planRewind(command, playgrounds);
      case 'snapshot.remove':
        return planRemoveSnapshot(command, tools, changed);
      case 'volume.remove':
        return services.planRemoveVolumes(command);
      case 'kernel.add':
        return planKernelAdd(command, kernelTools);
      case 'kernel.remove':
        return planKernelRemove(command, kernelTools);
      case 'source.pull':
        return planPull(command, sourceTools);
      case 'source.remove':
        return planRemove(command, sourceTools);
      case 'vault.verify':
        return planVerifyVault(command, tools);
      case 'vault.drill':
        return planDrillVault(command, { tools, playgrounds, budget: configuration.engine, changed });
      case 'snapshot.compare':
        return planCompare(command, tools, changed);
      default:
        return planBake(command, bakeTools);
    }
  };
  const queue = new OperationQueue(
    new OperationStore(paths.operations, await openSecretBox(paths.secretsKey)),
    outbox,
    plan,
    installation.firstRevision,
  );
  const link = new ServerLink({
    socket: paths.linkSocket,
    installation: installation.id,
    version,
    outbox,
    log,
    handlers: {
      command: async (sequence, command) => {
        if (command.kind === 'credential.forget') await services.forgetOwner(command.owner);
        else await queue.accept(sequence, command);
      },
      question: async (question) => {
        if (isAccessQuestion(question)) return await services.answerAccess(question);
        if (isLogQuestion(question)) return await services.logs.answer(question);
        if (question.kind === 'volume.list') return await services.volumes(question.persistentId);
        if (question.kind === 'services.exec') {
          await services.exec(question, () => link.dialStream(question.stream));
          return { kind: question.kind };
        }
        if (question.kind === 'services.debug')
          return { kind: question.kind, debug: await services.debug(question.playgroundId) };
        if (question.kind === 'services.work')
          return { kind: question.kind, ...(await services.work(question.playgroundId)) };
        if (question.kind === 'services.preview')
          return { kind: question.kind, preview: await services.preview(question.order) };
        if (question.kind === 'compose.read')
          return { kind: question.kind, ...(await services.readCompose(question)) };
        if (isCredentialQuestion(question)) return await services.answerCredentials(question);
        if (isRegistryQuestion(question)) return await answerRegistry(registries, question);
        return isStorageQuestion(question)
          ? await answerStorage(tools, question)
          : await answer({ ...tools, giveInput: playgrounds.giveInput }, question);
      },
      reported: async (subject, revision) => await queue.acknowledged(subject, revision),
      inventory: async () => await takeInventory(configuration.engine, tools, accelerator.current),
    },
  });

  await tools.records.load();
  await tools.layers.load();
  await tools.snapshots.load();
  nameUnreadable(tools, log);
  for (const line of await sweep(tools)) log.warn(`removed what belonged to no playground: ${line}`);
  await images.kernelInstaller.refresh((line) => log.info(line));
  await playgrounds.adopt();
  await images.probeAccelerator(null);
  await queue.resume();
  await collectLayers(tools, queue);
  link.open();
  const layerBudget = configuration.engine.localLayersGiB * gibibyte;
  tools.vaultKeeper.whenUpToDate(async () => {
    for (const id of await evictLayers(tools, layerBudget))
      log.info({ layer: id }, 'only the vault has it now');
  });
  tools.vaultKeeper.wake();
  void playgrounds.keepHouse({ queue, log });
  const leaveServices = services.keepHouse(queue);
  images.kernelInstaller.onInstalled(() => void link.tellInventory());
  const chains = tendChains(
    tools,
    { queue, log, longest: configuration.engine.longestChain },
    async () => await collectLayers(tools, queue),
  );
  const limits = setInterval(() => void limitAllConsoles(tools, log), consoleCheckMs);
  const tending = setInterval(() => void tendNetworks(tools, log), networkCheckMs);
  log.info({ installation: installation.id, accelerator: accelerator.current }, 'engine ready');
  return {
    stop: async () => {
      clearInterval(limits);
      clearInterval(tending);
      chains.stop();
      const left = leaveServices();
      link.close();
      playgrounds.release();
      tools.agents.close();
      void tools.vaultKeeper.close();
      await left;
    },
  };
}

/** Programs are started by a process of next to no memory, where there is a compiler to make it with: it takes a tenth of the time. */
async function takeLauncher(sourceDirectory: string, folder: string, log: Logger): Promise<void> {
  try {
    useLauncher(await openLauncher(sourceDirectory, folder));
  } catch (error) {
    log.warn({ err: error }, 'there is no launcher: the engine starts programs itself, which takes longer');
  }
}

async function makeDirectories(paths: EnginePaths): Promise<void> {
  for (const folder of [paths.root, paths.run]) await makePrivateDirectory(folder, 0o755);
  for (const folder of [paths.engine, paths.operations]) await makePrivateDirectory(folder);
  for (const folder of [paths.sources, paths.kernels]) await makePrivateDirectory(folder, 0o755);
}

async function limitAllConsoles({ records, paths }: PlayroomTools, log: Logger): Promise<void> {
  for (const { order } of records.all()) {
    await limitConsoles(`${paths.playground(order.id)}/machines`).catch((error: unknown) => {
      log.warn({ playground: order.id, err: error }, 'console logs could not be limited');
    });
  }
}
