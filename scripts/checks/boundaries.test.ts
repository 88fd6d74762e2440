import { expect, test } from 'vitest';
import { readCruiseReport } from './boundaries.ts';

test('a report on no module is a failure, not a success', () => {
  const report = JSON.stringify({ summary: { totalCruised: 0, violations: [] } });
  expect(readCruiseReport(report).problems).toEqual(['dependency-cruiser read 0 modules']);
});

test('a violation is told with the reason for its rule', () => {
  const report = JSON.stringify({
    summary: {
      totalCruised: 2,
      violations: [{ from: 'a.ts', to: 'b.ts', rule: { name: 'no-b' } }],
      ruleSetUsed: { forbidden: [{ name: 'no-b', comment: 'B is private.' }] },
    },
  });
  expect(readCruiseReport(report).problems).toEqual(['a.ts → b.ts\n  no-b: B is private.']);
});
