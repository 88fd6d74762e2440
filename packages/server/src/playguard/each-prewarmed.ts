import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Logger } from 'pino';
import type { ControlPlane } from '../control-plane.ts';
import { crashPoint, type ServerCrashPoint } from '../crash-point.ts';
import type { News } from '../operations/event-feed.ts';
import { listWithSnapshots } from '../store/playspec-snapshots.ts';
import { findPlayspec, type StoredPlayspec, type StoredPrewarm } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';

/** A version that is, or is to be, prewarmed. */
export type Prewarmed = StoredPlayspec & { readonly prewarm: StoredPrewarm };

export interface Care {
  readonly isDue: (prewarm: StoredPrewarm) => boolean;
  /** Decides and begins what is next, from the store alone. */
  readonly tend: (transaction: Database, playspec: Prewarmed) => Promise<readonly News[]>;
  /** After what was begun is committed, before anybody hears of it. */
  readonly committed: ServerCrashPoint;
  /** What is said of a version that cannot be dealt with. */
  readonly trouble: string;
}

/** One look at each prewarmed version, in a transaction of its own. One that cannot be dealt with keeps no other from its turn. */
export async function tendEachPrewarmed(
  plane: ControlPlane,
  logger: Logger,
  { isDue, tend, committed, trouble }: Care,
): Promise<void> {
  for (const { name, version, prewarm } of await listWithSnapshots(plane.store.database)) {
    if (prewarm === null || !isDue(prewarm)) continue;
    try {
      const news = await plane.store.transaction(async (transaction) => {
        const playspec = await findPlayspec(transaction, name, version);
        return playspec?.prewarm ? await tend(transaction, { ...playspec, prewarm: playspec.prewarm }) : [];
      });
      if (news.length === 0) continue;
      crashPoint(committed);
      plane.feed.publish(...news);
      plane.engine.nudge();
    } catch (error) {
      // No room is no fault: until there is, starts do without.
      const level = error instanceof PlayhouseError ? 'debug' : 'error';
      logger[level]({ err: error, playspec: `${name}@${version}` }, trouble);
    }
  }
}
