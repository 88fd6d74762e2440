import type { ProgressRenderer } from './renderer.ts';

/** For `--quiet`: shows nothing. */
export const silentRenderer: ProgressRenderer = { update: () => undefined, stop: () => undefined };
