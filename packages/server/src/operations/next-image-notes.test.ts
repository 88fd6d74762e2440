import { sampleService } from '@playhouse/contract/compose/testing/sample-service';
import type { NextImage } from '@playhouse/contract/service';
import { expect, test } from 'vitest';
import { nextImageNotes } from './next-image-notes.ts';

const service = sampleService({
  ...{ kind: 'dynamic', image: null, production: true },
  ...{ branch: 'main', commit: 'a', dirty: false, standing: 'behind' },
});
const image = (state: NextImage['state'], commit = 'b', detail: string | null = null): NextImage => ({
  ...{ commit: commit.repeat(40), state, detail },
});
const notes = (before: NextImage | null, after: NextImage | null) =>
  nextImageNotes([{ ...service, nextImage: before }], [{ ...service, nextImage: after }]);

test('each turn is told once, in the words of whoever waits for it', () => {
  const begun = 'web: the image of new commit bbbbbbbb is being built ahead of a rollout';
  expect(notes(null, image('waiting'))).toEqual([]);
  expect(notes(image('waiting'), image('building'))).toEqual([begun]);
  expect(nextImageNotes([], [{ ...service, nextImage: image('building') }])).toEqual([begun]);
  expect(notes(image('building'), image('building'))).toEqual([]);
  expect(notes(image('building'), image('ready'))).toEqual([
    'web: the image of new commit bbbbbbbb is ready: a rollout does not build it',
  ]);
  expect(notes(image('building'), image('failed', 'b', 'one\n\ntwo'))).toEqual([
    'web: the image of new commit bbbbbbbb could not be built ahead of a rollout',
    'web: one',
    'web: two',
  ]);
  expect(notes(image('ready'), null)).toEqual([]);
});

test('a build that is given up is told, for a newer commit or an operation', () => {
  const left = 'web: the image of new commit bbbbbbbb is not built any further';
  expect(notes(image('building'), null)).toEqual([left]);
  expect(notes(image('building'), image('waiting', 'c'))).toEqual([left]);
  expect(notes(image('building'), image('ready', 'c'))).toEqual([
    left,
    'web: the image of new commit cccccccc is ready: a rollout does not build it',
  ]);
});
