import type { Playspec } from '@playhouse/contract/playspec';

/** What a playspec is made of, in a word. A server of the version before says nothing of it and has machines only. */
export function kindWord({ kind = 'machines' }: Partial<Pick<Playspec, 'kind'>>): string {
  return kind;
}
