// The Docker client is fetched once for all tests, by the engine’s own means.
import { ensureDockerClient } from '../../../packages/engine/src/services/docker/docker-client.ts';
import { quietVoice } from '../../../packages/engine/src/operations/step.ts';
import { dockerClientCache } from './locations.ts';

export async function prepareDockerClient(): Promise<void> {
  await ensureDockerClient(
    dockerClientCache,
    quietVoice(() => {}, new AbortController().signal),
  );
}
