import { sampleService } from '@playhouse/contract/compose/testing/sample-service';
import { expect, test } from 'vitest';
import { keptNotes } from './kept-notes.ts';

const [web, mail] = [sampleService({ kind: 'dynamic' }), sampleService({ name: 'mail' })];

test('that a playground is kept is told once, with the reason', () => {
  const kept = { ...web, kept: 'changes' as const };
  expect(keptNotes([web, mail], [kept, mail])).toEqual([
    'web: the playground is kept beyond its lifetime, for the service has changes that were not committed',
  ]);
  expect(keptNotes([kept, mail], [kept, mail])).toEqual([]);
  expect(keptNotes([kept], [{ ...kept, kept: 'commits' }])).toEqual([
    'web: the playground is kept beyond its lifetime, for the service has commits that its branch does not have',
  ]);
  expect(keptNotes([kept], [web])).toEqual([]);
  expect(keptNotes([], [mail])).toEqual([]);
});
