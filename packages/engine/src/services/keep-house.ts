// What is done for playgrounds of services without an operation: containers and branches are looked at, what nobody needs is swept
// away, Docker and the proxy are brought up where something is to run.
import type { Configuration } from '@playhouse/contract/configuration';
import type { Logger } from 'pino';
import { dayOf } from '../ingress/gate/session.ts';
import type { OperationQueue } from '../operations/operation-queue.ts';
import { quietVoice } from '../operations/step.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import { Sweeper } from './clean/sweep.ts';
import type { ServicesTools } from './services-context.ts';
import type { ServicesPlaygrounds } from './services-playgrounds.ts';

const lookEveryMs = 2000;
const sweepEveryMs = 60_000;
const hourMs = 3_600_000;

export interface HouseParts {
  readonly playgrounds: ServicesPlaygrounds;
  readonly tools: ServicesTools;
  readonly queue: Pick<OperationQueue, 'runUnasked'>;
  readonly paths: Pick<EnginePaths, 'orphanedVolumes'>;
  readonly settings: Pick<Configuration['engine'], 'followEverySeconds' | 'orphanedVolumesHours'>;
  /** Lets go of the ingress, which serves on. */
  readonly leave: () => void;
  readonly log: Logger;
}

/** Begins at once. Gives the way to end it. */
export function keepHouse(parts: HouseParts): () => Promise<void> {
  const { playgrounds, settings, leave } = parts;
  const end = new AbortController();
  const look = lookAfter(parts, end.signal);
  void look();
  const timer = setInterval(() => void look(), lookEveryMs);
  const following = setInterval(() => void followAll(parts), settings.followEverySeconds * 1000);
  return async () => {
    clearInterval(timer);
    clearInterval(following);
    end.abort();
    leave();
    await playgrounds.letGo();
  };
}

/** Gives what looks after everything once; it does nothing while it is still at it. */
function lookAfter(
  { playgrounds, tools, paths, settings, log }: HouseParts,
  signal: AbortSignal,
): () => Promise<void> {
  const { records, ingress } = tools;
  const volumes = { file: paths.orphanedVolumes, keepMs: settings.orphanedVolumesHours * hourMs };
  const sweeper = new Sweeper(tools, volumes, (line) => log.warn(line));
  let looking = false;
  let trouble = '';
  let today = dayOf(Date.now());
  let sweptAt = -Infinity;
  const release = async () =>
    await ingress.release().catch((error: unknown) => log.warn({ err: error }, 'the ingress does not serve'));
  return async () => {
    if (looking) return;
    looking = true;
    try {
      const voice = quietVoice((line) => log.info(line), signal);
      if (records.all().some(({ state }) => state === 'running')) await tools.docker(voice);
      // Trouble with one playground is none of the proxy’s, nor of what is to be swept away.
      const looked = await playgrounds.lookAtAll().then(
        () => [],
        (error: unknown) => [error],
      );
      // Who asked for something meanwhile waits for no sweep.
      await release();
      if (performance.now() - sweptAt >= sweepEveryMs) {
        const docker = await tools.dockerIfThere();
        if (docker !== null) await sweeper.sweep(docker.api);
        sweptAt = performance.now();
      }
      await ingress.tend();
      // Every day sessions come to their end, and certificates may have been renewed.
      if (dayOf(Date.now()) !== today) await ingress.refresh();
      today = dayOf(Date.now());
      for (const error of looked) throw error;
      trouble = '';
    } catch (error) {
      // The same trouble every two seconds is said once.
      if (!signal.aborted && String(error) !== trouble)
        log.warn({ err: error }, 'services could not be looked after');
      trouble = String(error);
    } finally {
      await release();
      looking = false;
    }
  };
}

/** Asks the branches of all running playgrounds, each in its turn, so that no operation is under way on it. */
async function followAll({ playgrounds, queue, log }: HouseParts): Promise<void> {
  for (const id of playgrounds.running()) {
    await queue
      .runUnasked(id, async (signal) => await playgrounds.followBranches(id, signal))
      .catch((error: unknown) =>
        log.warn({ playground: id, err: error }, 'its branches could not be followed'),
      );
  }
}
