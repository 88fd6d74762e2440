import type { Configuration } from '@playhouse/contract/configuration';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { ServicesOrder } from '@playhouse/contract/link/services-order';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { answerCredentials } from '../credentials/answer-credentials.ts';
import { Credentials } from '../credentials/credentials.ts';
import type { OperationQueue } from '../operations/operation-queue.ts';
import { quietVoice } from '../operations/step.ts';
import type { Registries } from '../registry/registries.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import type { SnapshotTools } from '../snapshots/snapshot-tools.ts';
import { openSecretBox } from '../system/open-secret-box.ts';
import { answerAccess } from './access/services-access.ts';
import { ImagesInMaking } from './clean/images-in-making.ts';
import { ensureDockerClient } from './docker/docker-client.ts';
import { DockerEngine } from './docker/docker-engine.ts';
import { Docker } from './docker/docker.ts';
import { openIngress, releaseIngress } from './open-ingress.ts';
import { type ExecQuestion, Execs } from './exec/execs.ts';
import { keepHouse } from './keep-house.ts';
import { describeDebug } from './debug/describe-debug.ts';
import { settleCheckouts } from './git/settle-checkouts.ts';
import { KeptLogs } from './logs/kept-logs.ts';
import { LogKeeper } from './logs/log-keeper.ts';
import { LogStreams } from './logs/log-streams.ts';
import { previewServices } from './preview-services.ts';
import { readComposeFileInTurn } from './read-compose-file.ts';
import { ReadingTurns } from './reading-turns.ts';
import { withRegistriesOf } from './start/with-registries.ts';
import type { ServicesTools } from './services-context.ts';
import { ServicesPlaygrounds } from './services-playgrounds.ts';
import type { ServicesRecords } from './services-record.ts';
import { sealOldArguments } from './seal-old-arguments.ts';
import { traefikProgram } from './traefik-program.ts';
import { LastingValues } from './volumes/lasting-values.ts';
import { answerVolumes, planRemoveVolumes } from './volumes/persistent-volumes.ts';

export interface ServicesParts {
  readonly records: ServicesRecords;
  readonly storage: SnapshotTools;
  readonly configuration: Pick<Configuration, 'engine' | 'ingress'>;
  readonly paths: EnginePaths;
  /** The playroom’s own logins. */
  readonly registries: Registries;
  /** The installation’s id. */
  readonly installation: string;
  readonly firstRevision: number;
  readonly tell: (report: PlaygroundReport) => void;
  readonly log: Logger;
}

/** The playgrounds of services of this playroom, with what an earlier engine left of them. */
export async function openServices(parts: ServicesParts) {
  const { configuration, paths, registries, installation, firstRevision } = parts;
  const { records, storage, tell, log } = parts;
  const { httpsPort } = configuration.ingress;
  const engine = dockerEngineOf(paths, configuration.engine.docker);
  const box = await openSecretBox(paths.secretsKey);
  const { ingress, leave } = openIngress(configuration.ingress, paths, {
    ...{ box, records },
    traefik: async () =>
      await traefikProgram({
        ...{ installation, image: configuration.ingress.traefikImage, folder: paths.traefikProgram },
        withDocker: async (work) => {
          const docker = await tools.docker(
            quietVoice((line) => log.info(line), new AbortController().signal),
          );
          return await withRegistriesOf('', tools, docker, work);
        },
      }),
  });
  const credentials = await Credentials.open({
    ...{ file: paths.credentials, box, run: paths.run, now: Date.now },
    tryRegistry: async (credential) => await registries.tryLogin(credential),
  });
  const tools: ServicesTools = {
    ...storage,
    ...{ records, ingress, box, credentials },
    logins: async () => await registries.logins(),
    lasting: new LastingValues(paths.lastingValues, box),
    installation,
    making: new ImagesInMaking(),
    gitAuthorityFile: configuration.engine.gitAuthorityFile,
    repositoryFolders: configuration.engine.repositoryFolders.split(/\s+/).filter(Boolean),
    docker: async (voice) => {
      await ensureDockerClient(paths.dockerClient, voice);
      return new Docker(await engine.ensure(), paths.dockerClient);
    },
    dockerIfThere: async () => {
      const api = await engine.find();
      return api === null ? null : new Docker(api, paths.dockerClient);
    },
  };
  let revision = firstRevision;
  const kept = new KeptLogs((id) => records.files(id).logs);
  const warn = (playground: string, error: unknown) =>
    log.warn({ playground, err: error }, 'logs of services could not be kept');
  const logs = new LogKeeper({ ...tools, kept, warn });
  const nextRevision = () => ++revision;
  const execs = await Execs.atStart(tools, paths.execs);
  const turns = new ReadingTurns();
  const branches = {
    ...{ folder: paths.services, buildAhead: configuration.engine.buildAhead === 'on' },
    warn: (playground: string, err: unknown) =>
      log.warn({ playground, err }, 'new commits could not be built ahead of a rollout'),
  };
  const playgrounds = new ServicesPlaygrounds(tools, {
    ...{ httpsPort, tell, nextRevision, logs, branches },
    warn: (playground, err) => log.warn({ playground, err }, 'a job that is over could not be ended'),
  });
  await records.load();
  await settleCheckouts(records);
  for (const [id, reason] of records.sick)
    log.error({ playground: id, reason }, 'its record cannot be read; it is left alone');
  for (const id of await sealOldArguments(tools))
    log.error({ playground: id }, 'its secrets cannot be opened; arguments of its builds stay as they are');
  // What an earlier engine told the proxy holds until all of them were looked at.
  ingress.hold();
  await playgrounds.showStates();
  return {
    playgrounds,
    answerAccess: async (question: Parameters<typeof answerAccess>[2]) =>
      await answerAccess(tools, playgrounds, question),
    answerCredentials: async (question: Parameters<typeof answerCredentials>[1]) =>
      await answerCredentials(credentials, question),
    /** Of somebody who is gone nothing is left, and what was theirs uses nobody’s until an order says whose it is now. */
    forgetOwner: async (owner: string) => {
      await credentials.forget(owner);
      await records.disown(owner);
    },
    /** What would go with a playground. */
    work: async (id: string) => {
      const found = [...(await playgrounds.kept.look(id))];
      const services = found.map(([name, reason]) => ({ name, reason }));
      return { services, againSeconds: configuration.engine.followEverySeconds };
    },
    logs: new LogStreams({ ...tools, kept }),
    /** Runs a command in a container of a service, over the stream that `dial` gives. */
    exec: async (question: ExecQuestion, dial: () => WebSocket) => await execs.open(question, dial),
    volumes: async (persistentId: string) => await answerVolumes(tools, persistentId),
    planRemoveVolumes: (command: Parameters<typeof planRemoveVolumes>[0]) =>
      planRemoveVolumes(command, tools),
    /** What a start would make of an order. */
    preview: async (order: ServicesOrder) => await previewServices(tools, order, paths.services),
    /** A Compose file of a repository. */
    readCompose: async (asked: Parameters<typeof readComposeFileInTurn>[2]) =>
      await readComposeFileInTurn(turns, tools, asked, paths.services),
    /** What helps to find out what is wrong with a playground. @throws PlayhouseError playground-unknown */
    debug: async (id: string) => await describeDebug({ ...tools, kept, httpsPort }, id),
    /** Brings Docker and the proxy up where something is to run, and keeps an eye on it. Gives the way to end that. */
    keepHouse: (queue: Pick<OperationQueue, 'runUnasked'>): (() => Promise<void>) => {
      void execs
        .endLeft()
        .catch((error: unknown) => log.warn({ err: error }, 'commands of an earlier engine go on'));
      const end = keepHouse({ playgrounds, tools, queue, log, leave, paths, settings: configuration.engine });
      return async () => void (await Promise.all([end(), execs.close()]));
    },
  };
}

/** Ends what runs for services: the proxy, and a Docker Engine of our own. Idempotent. */
export async function releaseServices(paths: EnginePaths, ingress: Configuration['ingress']): Promise<void> {
  await releaseIngress(ingress, paths);
  await dockerEngineOf(paths, 'own').stop();
}

/** Takes away what a Docker Engine of our own left on the host; it has ended, and so has what was to pass its firewall. Idempotent. */
export async function releaseDocker(paths: EnginePaths): Promise<void> {
  await dockerEngineOf(paths, 'own').release();
}

function dockerEngineOf(paths: EnginePaths, which: 'auto' | 'own'): DockerEngine {
  return new DockerEngine({ dataFolder: paths.dockerData, runFolder: paths.dockerRun, which });
}
