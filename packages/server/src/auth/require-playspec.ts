import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { parsePlayspecReference, type Playspec } from '@playhouse/contract/playspec';
import { listNames } from '@playhouse/contract/manifest/closest';
import { findPlayspec, listPlayspecs } from '../store/playspecs.ts';
import type { Database } from '../store/schema.ts';
import { type Action, may, type Subject } from './may.ts';
import type { Principal } from './principal.ts';

const words: Readonly<Record<Action, string>> = {
  list: 'list',
  read: 'read',
  start: 'start',
  manage: 'change or remove',
  prewarm: 'prewarm',
};

/**
 * Checks that the principal may do that with the playspec that `NAME` or `NAME@3` means. The newest version says who may.
 * @throws PlayhouseError token-missing, forbidden, playspec-shipped, or playspec-unknown for what the principal may not do
 * anything with
 */
export async function requirePlayspec(
  database: Database,
  principal: Principal,
  action: Action,
  reference: string,
): Promise<void> {
  const name = parsePlayspecReference(reference)?.name ?? reference;
  const playspec = await findPlayspec(database, name);
  const allows = (wanted: Action) => playspec !== null && may(principal, wanted, subjectOf(playspec));
  if (allows(action)) return;
  if (playspec === null || !(['list', 'read', 'start'] as const).some(allows)) {
    const seen = (await listPlayspecs(database)).filter((each) => may(principal, 'list', subjectOf(each)));
    const known = seen.map((each) => each.name);
    throw new PlayhouseError('playspec-unknown', { name, known: listNames(name, known) });
  }
  if (action === 'manage' && playspec.owner === null) throw new PlayhouseError('playspec-shipped', { name });
  if (principal.kind === 'visitor') throw new PlayhouseError('token-missing');
  throw new PlayhouseError('forbidden', {
    user: principal.name,
    action: `${words[action]} the playspec \`${name}\``,
    who: playspec.owner === null ? 'an administrator' : `its owner, ${playspec.owner}`,
  });
}

/** A playspec as what `may` is asked about. */
export function subjectOf({ owner, accessControl: access }: Playspec): Subject {
  return { kind: 'playspec', owner, access };
}
