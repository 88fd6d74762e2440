import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { projectName } from '@playhouse/contract/identifier';
import type { StepVoice } from '../../operations/step.ts';
import { hostFailure } from '../docker/docker-failure.ts';
import type { Docker } from '../docker/docker.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { upTimeoutMs } from './await-health.ts';
import { composeFault } from './compose-fault.ts';

/**
 * `docker compose up` on a final file, with more words: options, then services. Containers that need no change stay as they are.
 * @throws PlayhouseError services-not-healthy, host-port-taken, address-pools-exhausted, disk-full, cancelled
 */
export async function composeUp(
  context: ServicesContext,
  docker: Docker,
  file: string,
  words: readonly string[],
  voice: Pick<StepVoice, 'signal' | 'log'> | null,
): Promise<void> {
  // All images are there; one that is not is a fault of ours, not a reason to fetch what nobody looked at.
  const always = ['up', '--detach', '--no-build', '--pull', 'never', '--quiet-pull'];
  const { exitCode, stderr, stdout } = await docker.compose(
    projectName(recordOf(context).order),
    file,
    [...always, ...words],
    {
      timeoutMs: upTimeoutMs,
      ...(voice === null ? {} : { signal: voice.signal, onLine: (line: string) => voice.log(line) }),
    },
  );
  if (exitCode === 0) return;
  const said = composeFault(stderr || stdout);
  throw (await hostFailure(said, docker)) ?? new PlayhouseError('services-not-healthy', { detail: said });
}
