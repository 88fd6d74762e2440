import { readFile } from 'node:fs/promises';
import type { Configuration } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { PlaygroundReport } from '@playhouse/contract/link/report';
import type { Logger } from 'pino';
import { CaddyDriver } from '../ingress/caddy/caddy-driver.ts';
import { Ingress } from '../ingress/ingress.ts';
import { quietVoice } from '../operations/step.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import { SecretBox } from '../system/secret-box.ts';
import { ensureDockerClient } from './docker/docker-client.ts';
import { DockerEngine } from './docker/docker-engine.ts';
import { Docker } from './docker/docker.ts';
import type { ServicesTools } from './services-context.ts';
import { ServicesPlaygrounds } from './services-playgrounds.ts';
import { ServicesRecords } from './services-record.ts';

const lookEveryMs = 2000;
const proxyUser = 'caddy';

export interface ServicesParts {
  readonly configuration: Pick<Configuration, 'engine' | 'ingress'>;
  readonly paths: EnginePaths;
  /** The installation’s id. */
  readonly installation: string;
  readonly firstRevision: number;
  readonly tell: (report: PlaygroundReport) => void;
  readonly log: Logger;
}

/** The playgrounds of services of this playroom, with what an earlier engine left of them. */
export async function openServices(parts: ServicesParts) {
  const { configuration, paths, installation, firstRevision, tell, log } = parts;
  const { httpsPort, httpPort } = configuration.ingress;
  const engine = dockerEngineOf(paths, configuration.engine.docker);
  const driver = new CaddyDriver(ingressPlace(paths, { httpsPort, httpPort }));
  const records = new ServicesRecords(paths.services);
  const tools: ServicesTools = {
    records,
    ingress: new Ingress(driver),
    box: await SecretBox.open(paths.secretsKey),
    installation,
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
  const playgrounds = new ServicesPlaygrounds(tools, { httpsPort, tell, nextRevision: () => ++revision });
  await records.load();
  for (const [id, reason] of records.sick)
    log.error({ playground: id, reason }, 'its record cannot be read; it is left alone');
  return {
    playgrounds,
    /** Brings Docker and the proxy up where something is to run, and keeps an eye on it. Gives the way to end that. */
    keepHouse: (): (() => void) => {
      const end = new AbortController();
      let looking = false;
      let trouble = '';
      const look = async () => {
        if (looking) return;
        looking = true;
        try {
          const voice = quietVoice((line) => log.info(line), end.signal);
          if (records.all().some(({ state }) => state === 'running')) await tools.docker(voice);
          await playgrounds.lookAtAll();
          trouble = '';
        } catch (error) {
          // The same trouble every two seconds is said once.
          if (!end.signal.aborted && String(error) !== trouble)
            log.warn({ err: error }, 'services could not be looked after');
          trouble = String(error);
        } finally {
          looking = false;
        }
      };
      void look();
      const timer = setInterval(() => void look(), lookEveryMs);
      return () => {
        clearInterval(timer);
        end.abort();
      };
    },
  };
}

/** Ends what runs for services: the proxy, and a Docker Engine of our own. Idempotent. */
export async function releaseServices(
  paths: EnginePaths,
  ports: { httpsPort: number; httpPort: number },
): Promise<void> {
  await new CaddyDriver(ingressPlace(paths, ports)).stop();
  await dockerEngineOf(paths, 'own').stop();
}

function dockerEngineOf(paths: EnginePaths, which: 'auto' | 'own'): DockerEngine {
  return new DockerEngine({ dataFolder: paths.dockerData, runFolder: paths.dockerRun, which });
}

function ingressPlace(paths: EnginePaths, ports: { httpsPort: number; httpPort: number }) {
  return {
    storage: paths.ingress,
    runFolder: paths.ingressRun,
    ...ports,
    account: async () => await accountOf(proxyUser),
  };
}

/** The account that Caddy’s package makes. */
async function accountOf(name: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const accounts = await readFile('/etc/passwd', 'utf8');
  const line = accounts.split('\n').find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined)
    throw new PlayhouseError('ingress-failed', {
      proxy: 'Caddy',
      detail: `there is no user ${name}: Caddy is not installed`,
    });
  return { uid: Number(uid), gid: Number(gid) };
}
