import { expect, test } from 'vitest';
import { samplePlayground } from '../testing/sample-playground.ts';
import { planStart } from './playground-operations.ts';
import type { Playgrounds } from './playgrounds.ts';

function stepsOf(kind: 'playground.start' | 'playground.restart', liesOnSnapshot: boolean) {
  const { order } = samplePlayground();
  const command = { kind, operationId: 'a'.repeat(24), playground: order, cold: false };
  return planStart(command, { liesOnSnapshot: () => liesOnSnapshot } as unknown as Playgrounds).labels;
}

test('the retry of a restart takes up its snapshot: its layers may be only in the vault', () => {
  expect(stepsOf('playground.start', true)).toEqual(stepsOf('playground.restart', true));
  expect(stepsOf('playground.start', true)[0]).toBe('Taking up the snapshot');
});

test('the first start of a playground has none to take up', () => {
  expect(stepsOf('playground.start', false)).not.toContain('Taking up the snapshot');
});
