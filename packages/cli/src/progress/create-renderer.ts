import { isLive, styleFor } from '../output/style.ts';
import type { Context } from '../program/context.ts';
import { JsonRenderer } from './json-renderer.ts';
import { LineRenderer } from './line-renderer.ts';
import { type ProgressRenderer, systemClock } from './renderer.ts';

/**
 * The renderer that fits where the output goes. Progress for people goes to standard error, so that standard output holds
 * only the answer.
 */
export async function createRenderer(context: Context): Promise<ProgressRenderer> {
  if (context.format === 'json') return new JsonRenderer(context.stdout);
  // A terminal without a size (some build services) has no place to redraw in.
  const live = isLive(context.stderr, context.environment) && Boolean(context.stderr.columns);
  if (!live) return new LineRenderer(context.stderr, systemClock);
  const [{ createLogUpdate }, { LiveRenderer }] = await Promise.all([
    import('log-update'),
    import('./live-renderer.ts'),
  ]);
  const update = createLogUpdate(context.stderr as NodeJS.WritableStream);
  const text = Object.assign((lines: string) => update(lines), { done: () => update.done() });
  return new LiveRenderer(text, styleFor(context.stderr, context.environment), systemClock);
}
