import { expect, test } from 'vitest';
import { refusalsIn } from '../refusals.ts';
import { caddyRefusal, misfitIn, misfitSince } from './caddy-refusals.ts';

const line = (fields: object) => JSON.stringify({ level: 'error', ...fields });
const refused = { msg: 'could not get certificate from issuer', identifier: 'a.example.org' };
const log = [
  line({ ...refused, ts: 100, error: 'of an earlier try' }),
  line({ ...refused, ts: 200, error: 'HTTP 429: too many' }),
  line({ ...refused, ts: 201, identifier: 'b.example.org', error: 'of another' }),
  line({ msg: 'unable to unlock', ts: 202, identifier: 'a.example.org', error: 'no such file' }),
  'no JSON',
  '{"half": ',
].join('\n');

test('what an authority said of a host is found, and nothing else', () => {
  expect([...refusalsIn(log, caddyRefusal, ['a.example.org'], 150000)]).toEqual([
    ['a.example.org', 'HTTP 429: too many'],
  ]);
  expect([...refusalsIn(log, caddyRefusal, ['a.example.org'], 250000)]).toEqual([]);
  expect([...refusalsIn(log, caddyRefusal, ['c.example.org'], 0)]).toEqual([]);
});

test('a certificate that does not fit its key is known by its host', () => {
  const said =
    'it refused the routes: {"error":"loading config: … automate: manage [web.example.org]: web.example.org: caching certificate: tls: private key does not match public key"}';
  expect(misfitIn(said)).toBe('web.example.org');
  expect(misfitIn('listen tcp :443: bind: address already in use')).toBeNull();
});

test('since 2.7 its log says so', () => {
  const error =
    'web.example.org: caching certificate: unusable certificate: tls: private key does not match public key';
  const said = line({ logger: 'tls', msg: 'initiating certificate management', ts: 300, error });
  expect(misfitSince(`${log}\n${said}\n`, 300_000)).toBe('web.example.org');
  expect(misfitSince(`${log}\n${said}\n`, 300_001)).toBeNull();
});
