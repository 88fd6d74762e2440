import { expect, test } from 'vitest';
import { egressRules } from './egress-rules.ts';

const refuse = 'reject with icmpx admin-prohibited';

test('open lets everything out, none nothing', () => {
  expect(egressRules('open')).toEqual({ sets: '', rules: ['accept'] });
  expect(egressRules('none')).toEqual({ sets: '', rules: [refuse] });
});

test('a list lets out to its subnets, and to what its names were found to be', () => {
  const { sets, rules } = egressRules(['203.0.113.0/24', 'example.com']);
  expect(sets).toContain(
    'set listed { type ipv4_addr; flags interval; auto-merge; elements = { 203.0.113.0/24 } }',
  );
  expect(sets).not.toContain('example.com');
  expect(rules).toEqual(['ip daddr @listed accept', 'ip daddr @named accept', refuse]);
});
