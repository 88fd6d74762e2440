import type { NextImage } from '@playhouse/contract/service';

const commitDigits = 8;

/** How it is with the image of new commits, in a few words. */
export function nextImageWords({ commit, state }: NextImage): string {
  const short = commit.slice(0, commitDigits);
  switch (state) {
    case 'waiting':
      return `${short} waits to be built`;
    case 'building':
      return `${short} is being built`;
    case 'ready':
      return `image of ${short} ready`;
    // `failed`
    default:
      return `${short} could not be built`;
  }
}
