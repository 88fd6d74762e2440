import type { Playspec } from '@playhouse/contract/playspec';

/** How a playspec’s playgrounds begin, in a word or two. A server of the version before says nothing of it. */
export function startWord({
  kind,
  saved,
  prewarm,
}: Partial<Pick<Playspec, 'kind' | 'saved' | 'prewarm'>>): string {
  if (saved?.state === 'making') return 'being saved';
  if (saved && kind === 'compose') return 'from volumes';
  if (saved) return saved.memory ? 'resumed' : 'from drives';
  if (kind === 'compose') return '-';
  if (!prewarm) return 'booted';
  return { making: 'prewarming', ready: 'prewarmed', stale: 'prewarming', failed: 'booted' }[prewarm.state];
}
