import { isComposeText } from '@playhouse/contract/compose/is-compose-text';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Playspec } from '@playhouse/contract/playspec';

const words = { machines: 'machines', compose: 'services of a Compose file' } as const;

type Kind = Playspec['kind'];

/** What a manifest describes. */
export function kindOf(text: string): Kind {
  return isComposeText(text) ? 'compose' : 'machines';
}

/** @throws PlayhouseError playspec-other-kind when something of another kind is to be laid over or to follow a playspec */
export function requireSameKind({ name, kind }: Pick<Playspec, 'name' | 'kind'>, given: Kind): void {
  if (kind === given) return;
  throw new PlayhouseError('playspec-other-kind', { name, kind: words[kind], given: words[given] });
}

/** @throws PlayhouseError playspec-of-services */
export function requireMachineKind({ name, kind }: Pick<Playspec, 'name' | 'kind'>): void {
  if (kind === 'compose') throw new PlayhouseError('playspec-of-services', { name });
}
