import { findPlayground, type StoredPlayground } from '../store/playgrounds.ts';
import type { Database } from '../store/schema.ts';

/** A playground and what it descends from by forks, itself first. */
export async function lineOf(
  database: Database,
  playground: StoredPlayground,
): Promise<readonly StoredPlayground[]> {
  const line = [playground];
  for (let at: StoredPlayground | null = playground; at?.forkedFrom;) {
    at = await findPlayground(database, at.forkedFrom.playgroundId);
    if (at !== null) line.push(at);
  }
  return line;
}
