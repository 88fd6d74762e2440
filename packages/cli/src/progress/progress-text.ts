import type { Progress } from '@playhouse/contract/operation';
import { formatSize } from '../output/size.ts';

/** How far a step is, in words: `12 MiB of 80 MiB`, `3 of 17 packages`, `42 %`. */
export function progressText(progress: Progress): string {
  const { done, total, unit } = progress;
  if (unit === 'percent') return `${Math.round((done / Math.max(total, 1)) * 100)} %`;
  if (unit === 'bytes') return `${formatSize(done)} of ${formatSize(total)}`;
  return `${Math.round(done)} of ${Math.round(total)} ${unit}`;
}

/** `████░░░░`: `width` cells filled by the done share. */
export function progressBar(progress: Progress, width: number): string {
  const share = progress.total > 0 ? Math.min(1, Math.max(0, progress.done / progress.total)) : 0;
  const filled = Math.round(share * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
