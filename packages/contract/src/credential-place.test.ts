import { expect, test } from 'vitest';
import { fitOf, readPlace, registryOfImage } from './credential-place.ts';

test.each([
  ['https://git.example.org', 'https://git.example.org/ann/shop.git', 0],
  ['https://git.example.org/ann', 'https://git.example.org/ann/shop.git', 1],
  ['https://GIT.example.org/ann/shop', 'https://git.example.org/ann/shop.git', 2],
  ['git@git.example.org', 'git@git.example.org:ann/shop.git', 0],
  ['git@git.example.org:ann', 'ssh://git@git.example.org/ann/shop.git', 1],
  ['ssh://git.example.org:2222', 'ssh://git@git.example.org:2222/ann/shop', 0],
])('%s opens %s', (place, repository, fit) => {
  expect(fitOf(place, repository)).toBe(fit);
});

test.each([
  ['https://git.example.org/ann', 'https://git.example.org/anna/shop.git'],
  ['https://git.example.org', 'https://git.example.org.evil.example/ann/shop.git'],
  ['https://git.example.org', 'https://git.example.org:8443/ann/shop.git'],
  ['https://git.example.org', 'http://git.example.org/ann/shop.git'],
  ['git@git.example.org', 'other@git.example.org:ann/shop.git'],
  ['git@git.example.org', 'ssh://git@git.example.org:2222/ann/shop.git'],
  ['https://git.example.org/../evil', 'https://git.example.org/ann'],
])('%s does not open %s', (place, repository) => {
  expect(fitOf(place, repository)).toBeNull();
});

test.each([
  'ftp://git.example.org',
  'https://user:password@git.example.org',
  'https://token@git.example.org',
  'git.example.org',
  '-oProxyCommand=x@host',
  'ssh://-oProxyCommand=x/y',
  'https://git.example.org/?a=b',
  'ext::sh -c x',
])('%s is no place of repositories', (text) => {
  expect(readPlace(text)).toBeNull();
});

test('the registry of an image is what its name begins with, if that is a host', () => {
  expect(registryOfImage('nginx:1.27')).toBe('docker.io');
  expect(registryOfImage('ann/shop')).toBe('docker.io');
  expect(registryOfImage('localhost/shop')).toBe('localhost');
  expect(registryOfImage('Registry.example:5000/ann/shop@sha256:0')).toBe('registry.example:5000');
});
