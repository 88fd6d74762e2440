import type { MergeWork } from './merge-chains.ts';
import { mergeChains } from './merge-chains.ts';
import type { PlayroomTools } from '../playroom-tools.ts';

const lookEveryMs = 10_000;
/** How long a chain is left alone that could not be merged: the disk may be full. */
const passOverMs = 3_600_000;

/**
 * Looks for chains of more than `longest` layers every ten seconds and merges them, one after the other; `collect` removes what that
 * made needless.
 */
export function tendChains(
  tools: Pick<PlayroomTools, 'records' | 'layers'>,
  { queue, log, longest }: Omit<MergeWork, 'signal'> & { readonly longest: number },
  collect: () => Promise<void>,
): { stop(): void } {
  const end = new AbortController();
  const failedAt = new Map<string, number>();
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      for (const [id, at] of failedAt) if (at + passOverMs < Date.now()) failedAt.delete(id);
      const passOver = new Set(failedAt.keys());
      const { made, failed } = await mergeChains(
        tools,
        { queue, log, signal: end.signal },
        { longest, passOver },
      );
      for (const id of failed) failedAt.set(id, Date.now());
      // Also what was kept for one that failed: its playground may have been destroyed meanwhile.
      if (made.length + failed.length > 0) await collect();
    } catch (error) {
      if (!end.signal.aborted) log.warn({ err: error }, 'long chains of layers could not be looked after');
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  return {
    stop: () => {
      clearInterval(timer);
      end.abort();
    },
  };
}
