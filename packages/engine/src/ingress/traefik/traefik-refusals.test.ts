import { expect, test } from 'vitest';
import { refusalsIn } from '../refusals.ts';
import { traefikRefusal } from './traefik-refusals.ts';

const line = (fields: object) => JSON.stringify({ level: 'error', ...fields });
const refused = { message: 'Unable to obtain ACME certificate for domains', domains: ['a.example.org'] };
const log = [
  line({ ...refused, time: '2026-01-02T03:04:00Z', error: 'of an earlier try' }),
  line({ ...refused, time: '2026-01-02T03:05:00Z', error: 'HTTP 429: too many' }),
  line({ ...refused, time: '2026-01-02T03:05:00Z', domains: ['b.example.org'], error: 'of another' }),
  line({ ...refused, time: '2026-01-02T03:05:01Z', message: 'something else', error: 'no refusal' }),
  'no JSON',
].join('\n');
const since = (time: string) => [
  ...refusalsIn(log, traefikRefusal, ['a.example.org'], Date.parse(`2026-01-02T${time}Z`)),
];

test('what an authority said of a host is found, also of the second in which the wait began, and nothing else', () => {
  expect(since('03:04:30')).toEqual([['a.example.org', 'HTTP 429: too many']]);
  expect(since('03:05:00.900')).toEqual([['a.example.org', 'HTTP 429: too many']]);
  expect(since('03:05:02')).toEqual([]);
  expect([...refusalsIn(log, traefikRefusal, ['c.example.org'], 0)]).toEqual([]);
});
