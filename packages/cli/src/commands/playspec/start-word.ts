import type { Playspec } from '@playhouse/contract/playspec';

/** How a playspec’s playgrounds begin, in a word or two. A server of the version before says nothing of it. */
export function startWord({ saved, prewarm }: Partial<Pick<Playspec, 'saved' | 'prewarm'>>): string {
  if (saved?.state === 'making') return 'being saved';
  if (saved) return saved.memory ? 'resumed' : 'from drives';
  if (!prewarm) return 'booted';
  return { making: 'prewarming', ready: 'prewarmed', stale: 'prewarming', failed: 'booted' }[prewarm.state];
}
