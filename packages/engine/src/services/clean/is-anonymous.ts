import type { Volume } from '../docker/volumes.ts';

/** What Docker says of volumes that it named itself, since its version 23. */
const anonymousLabel = 'com.docker.volume.anonymous';

/** Whether a volume is one that Docker made for a container because its image or its file has a folder and no volume for it. */
export function isAnonymous({ name, labels }: Pick<Volume, 'name' | 'labels'>): boolean {
  return /^[0-9a-f]{64}$/.test(name) && Object.keys(labels).every((label) => label === anonymousLabel);
}
