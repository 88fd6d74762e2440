import { expect, test } from 'vitest';
import {
  readBoolean,
  readBranch,
  readBuildArguments,
  readCheckoutPath,
  readContainerPath,
  readDuration,
  readPort,
  readSubdomain,
} from './label-values.ts';
import { parseRepository } from './repository.ts';

test('booleans are true and false, not what looks like them', () => {
  expect(['true', 'false'].map(readBoolean)).toEqual([true, false]);
  for (const text of ['True', 'yes', 'on', '1', '0', '']) expect(readBoolean(text)).toBeUndefined();
});

test('ports', () => {
  expect(['1', '80', '65535'].map(readPort)).toEqual([1, 80, 65_535]);
  for (const text of ['0', '65536', '-1', '80.5', '8e1', '0x50', ' 80', '80/tcp', '']) {
    expect(readPort(text)).toBeUndefined();
  }
});

test('durations have one unit, and are in milliseconds', () => {
  expect(['500ms', '10s', '2m', '60m'].map(readDuration)).toEqual([500, 10_000, 120_000, 3_600_000]);
  for (const text of ['10', '0s', '1h', '1m30s', '61m', '-1s', '1.5s', '10 s', 's', '']) {
    expect(readDuration(text)).toBeUndefined();
  }
});

test('subdomains are DNS labels, or the domain itself', () => {
  for (const text of ['a', 'web', 'a-b', '0', '@', 'a'.repeat(63)]) expect(readSubdomain(text)).toBe(text);
  for (const text of ['', 'A', '-a', 'a-', 'a.b', 'a_b', '*', '@@', 'a'.repeat(64), 'ä']) {
    expect(readSubdomain(text)).toBeUndefined();
  }
});

test('paths of containers are absolute, paths of checkouts stay inside', () => {
  expect([readContainerPath('/app/'), readContainerPath('/')]).toEqual(['/app', undefined]);
  for (const text of ['app', '/a/../b', '/a:ro', '']) expect(readContainerPath(text)).toBeUndefined();
  expect(readCheckoutPath('./docker/Dockerfile')).toBe('docker/Dockerfile');
  for (const text of ['/etc/passwd', '../a', 'a/../../b', '~/a', '', './', '-f']) {
    expect(readCheckoutPath(text)).toBeUndefined();
  }
});

test('a branch is no longer than Git can keep it, in bytes', () => {
  expect(readBranch('a'.repeat(244))).toHaveLength(244);
  expect(readBranch('a'.repeat(245))).toBeUndefined();
  expect(readBranch('ü'.repeat(123))).toBeUndefined();
});

test('branches follow the rules of Git', () => {
  for (const text of ['main', 'feature/x-1', 'v1.2', 'a@b', '@a']) expect(readBranch(text)).toBe(text);
  const wrong = [
    '',
    '-x',
    '/a',
    'a/',
    'a..b',
    'a b',
    'a.lock',
    'a.lock/b',
    'a~1',
    'a^',
    'a:b',
    '@',
    'a@{1}',
    'a//b',
  ];
  for (const text of [...wrong, '.a', 'a/.b', 'a.', 'a\u007fb']) expect(readBranch(text)).toBeUndefined();
});

test('build arguments may have commas in their values', () => {
  expect(readBuildArguments('A=1, B=x y,C=')).toEqual({ A: '1', B: 'x y', C: '' });
  expect(readBuildArguments('LIST=a,b, NEXT=c=d')).toEqual({ LIST: 'a,b', NEXT: 'c=d' });
  for (const text of ['', 'A', 'A=1, A=2', '1A=b', '=b']) expect(readBuildArguments(text)).toBeUndefined();
});

test.each([
  ['https://git.example.org/ann/app.git', 'https'],
  ['http://127.0.0.1:3000/ann/app', 'http'],
  ['ssh://git@git.example.org:2222/ann/app.git', 'ssh'],
  ['git@git.example.org:ann/app.git', 'ssh'],
  ['file:///srv/git/app.git', 'file'],
])('the repository %s', (url, transport) => {
  expect(parseRepository(url)).toEqual({ url, transport });
});

test.each([
  ['https://ann:token@git.example.org/a.git', 'credentials'],
  ['https://token@git.example.org/a.git', 'credentials'],
  ['ssh://git:secret@git.example.org/a.git', 'credentials'],
  ['ext::sh -c id', 'form'],
  ['git://git.example.org/a.git', 'form'],
  ['https://git.example.org', 'form'],
  ['file://host/srv/a.git', 'form'],
  ['ssh://-oProxyCommand=id/a', 'form'],
  ['git@-oProxyCommand=id:a', 'form'],
  ['--upload-pack=id', 'form'],
  ['/srv/git/app.git', 'form'],
  ['https://git.example.org/a b.git', 'form'],
  ['', 'form'],
])('the repository %s is refused', (url, fault) => {
  expect(parseRepository(url)).toBe(fault);
});
