import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Playground } from '@playhouse/contract/playground';
import { openEventFeed } from '../../connection/event-feed.ts';
import type { Context } from '../../program/context.ts';
import { Interrupted } from '../../program/interrupted.ts';

export interface FollowOptions {
  /** Null waits for ever. */
  readonly timeoutMs: number | null;
  /** Tells when there is nothing more to wait for. */
  readonly isOver: (playground: Playground) => boolean;
}

/** How often the state is asked for while nothing is heard. */
const askEvery = { heard: 10_000, deaf: 1000 } as const;

/**
 * Watches a playground until it is as wished: over the event feed, whose messages are hints to look again.
 * @throws PlayhouseError playground-unknown, wait-timeout; Interrupted
 */
export async function followPlayground(
  context: Context,
  reference: string,
  { timeoutMs, isOver }: FollowOptions,
): Promise<Playground> {
  const connection = await context.connect();
  const { signal } = context;
  const feed = openEventFeed(connection, null);
  const stop = (): void => feed.close();
  signal.addEventListener('abort', stop);
  const deadline = timeoutMs === null ? Number.POSITIVE_INFINITY : performance.now() + timeoutMs;
  try {
    for (;;) {
      const { playground } = await connection.client('playground.get', {
        parameters: { playground: reference },
      });
      if (isOver(playground)) return playground;
      await untilNews(feed, playground.id, deadline, signal);
      if (performance.now() >= deadline) {
        const { name: asked, status } = playground;
        throw new PlayhouseError('wait-timeout', {
          playground: asked,
          status,
          seconds: (timeoutMs ?? 0) / 1000,
        });
      }
    }
  } catch (error) {
    throw signal.aborted ? new Interrupted() : error;
  } finally {
    signal.removeEventListener('abort', stop);
    feed.close();
  }
}

/** Returns when something about the playground was heard, nothing was for a while, or the time is up. */
async function untilNews(
  feed: ReturnType<typeof openEventFeed>,
  id: string,
  deadline: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const left = Math.max(0, deadline - performance.now());
    const event = await feed.next(Math.min(feed.closed ? askEvery.deaf : askEvery.heard, left));
    if (signal.aborted) throw new Interrupted();
    if (event === null) return;
    if (event.kind === 'task' && event.playgroundId === id) return;
    if (event.kind === 'playground' && event.playground.id === id) return;
  }
}
