import { beforeEach, expect, test } from 'vitest';
import { sampleAccess } from '../testing/ingress-ground.ts';
import { Gate, type GateRequest } from './gate.ts';

const [shop, nobody] = ['a'.repeat(24), 'b'.repeat(24)];
const host = 'web-shop.localhost:8443';
let now: number;
let gate: Gate;
beforeEach(() => {
  now = Date.UTC(2026, 0, 1);
  gate = new Gate({
    playgroundsAt: (name) => (name === 'web-shop.localhost' ? [shop] : []),
    accessOf: (id) => (id === shop ? sampleAccess() : null),
    now: () => now,
  });
});

function request(more: Partial<GateRequest>): GateRequest {
  const usual = {
    method: 'GET',
    url: '/',
    host,
    headers: {},
    client: '192.0.2.1',
    playground: shop,
    body: '',
  };
  return { ...usual, ...more };
}

function guess(password: string, client = '192.0.2.1', playground = shop) {
  const body = new URLSearchParams({ playground, password, return: '/a' }).toString();
  return gate.answer(request({ method: 'POST', url: '/.playhouse/login', playground: null, client, body }));
}

test('after ten wrong guesses a client has to wait, whatever it says then; others need not', () => {
  for (let count = 0; count < 10; count++) expect(guess('wrong').status).toBe(401);
  const answer = guess('let me in');
  expect([answer.status, answer.headers['Retry-After']]).toEqual([429, '300']);
  expect(answer.headers['Set-Cookie']).toBeUndefined();
  expect(guess('let me in', '192.0.2.2').status).toBe(303);
  now += 300_000;
  expect(guess('let me in').status).toBe(303);
});

test('another address of the same IPv6 network is no other client', () => {
  for (let count = 0; count < 10; count++) guess('wrong', `2001:db8:0:1::${count}`);
  expect(guess('let me in', '2001:db8:0:1:ffff::1').status).toBe(429);
  expect(guess('let me in', '2001:db8:0:2::1').status).toBe(303);
});

test('many clients together get no further', () => {
  for (let count = 0; count < 200; count++) guess('wrong', `198.51.100.${count}`);
  expect(guess('let me in', '192.0.2.9').status).toBe(429);
});

test('guesses of the bypass token count as those of the password do', () => {
  const token = (value: string) => gate.answer(request({ url: `/?x-playhouse-bypass=${value}` })).status;
  for (let count = 0; count < 10; count++) expect(token('wrong')).toBe(401);
  expect(token('token%201')).toBe(429);
});

test('the token in an address is for asking; what changes something sends it as a header', () => {
  const url = '/hook?x-playhouse-bypass=token%201';
  expect(gate.answer(request({ url })).status).toBe(303);
  const answer = gate.answer(request({ url, method: 'POST' }));
  expect([answer.status, answer.body.includes('as a header')]).toEqual([401, true]);
});

test('at a host of others, or of nobody, there is no login', () => {
  expect(guess('let me in', undefined, nobody).status).toBe(503);
  const elsewhere = request({ url: '/.playhouse/login', host: 'other.localhost', playground: null });
  expect(gate.answer(elsewhere).status).toBe(503);
  expect(gate.answer(request({ playground: nobody })).status).toBe(503);
  expect(gate.answer(request({ url: '/.playhouse/nothing', playground: null })).status).toBe(404);
});

test('what looks like a host in a path is a part of the path', () => {
  const body = new URLSearchParams({ password: 'let me in' }).toString();
  const answer = gate.answer(request({ method: 'POST', url: '//other/.playhouse/login', body }));
  expect([answer.status, answer.headers['Set-Cookie']]).toEqual([401, undefined]);
  expect(gate.answer(request({ url: '*' })).status).toBe(401);
});

test('what the page repeats is no HTML', () => {
  const page = gate.answer(request({ url: '/"><script>alert(1)</script>', host: '"><b>' })).body;
  expect(page).not.toContain('<script>');
  expect(page).not.toContain('<b>');
});
