import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canonicalSource,
  formatImageReference,
  type ImageReference,
  isDockerImage,
  parseImageReference,
} from './image-reference.ts';

const hex = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each<[string, ImageReference]>([
  ['oci://r.example/a', { registry: 'r.example', repository: 'a', tag: null, digest: null }],
  ['oci://r:5000/a/b-c/d_e:1.2', { registry: 'r:5000', repository: 'a/b-c/d_e', tag: '1.2', digest: null }],
  [`oci://127.0.0.1:5000/a@${hex}`, { registry: '127.0.0.1:5000', repository: 'a', tag: null, digest: hex }],
  [`oci://r.example/a:live@${hex}`, { registry: 'r.example', repository: 'a', tag: 'live', digest: hex }],
])('%s is understood', (text, reference) => {
  expect(parseImageReference(text)).toEqual(reference);
});

test.each([
  'debian-12',
  'oci://',
  'oci://r.example',
  'oci://r.example/',
  'oci://r.example/Upper',
  'oci://r.example/a/../b',
  'oci://r.example/a:',
  'oci://r.example/a@sha256:12',
  'oci://r.example/a@md5:00',
  'oci://-r/a',
  'oci://r.example/a --flag',
  `oci://r.example/${'a'.repeat(400)}`,
])('%s is no reference', (text) => {
  expect(parseImageReference(text)).toBeNull();
});

test('without tag and digest the latest is meant; other sources stay as they are', () => {
  expect(canonicalSource('oci://r.example/a')).toBe('oci://r.example/a:latest');
  expect(canonicalSource('oci://r.example/a:1')).toBe('oci://r.example/a:1');
  expect(canonicalSource(`oci://r.example/a@${hex}`)).toBe(`oci://r.example/a@${hex}`);
  expect(canonicalSource('debian-12')).toBe('debian-12');
});

test('what is written is read back the same', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const reference = fc.record({
    registry: fc.constantFrom('r.example', '127.0.0.1:5000', 'localhost'),
    repository: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('/')),
    tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/)),
    digest: fc.option(fc.stringMatching(/^[0-9a-f]{64}$/).map((digits) => `sha256:${digits}`)),
  });
  fc.assert(
    fc.property(reference, (each) => {
      expect(parseImageReference(formatImageReference(each))).toEqual(each);
    }),
  );
});

test('no text makes the reader try for ever', () => {
  for (const piece of ['a', 'a-', '_', 'a/', '.', ':1', '-'])
    expect(parseImageReference(`oci://r/${piece.repeat(290 / piece.length)}!`)).toBeNull();
});

test.each([
  'nginx',
  'nginx:1.27',
  'library/nginx:latest',
  'r.example:5000/a/b-c/d_e__f---g:V1.2-x',
  'localhost/a',
  'Registry.Example/a:1',
  'HOST/a',
  '[2001:db8::1]:5000/a',
  `nginx@${hex}`,
  `r.example/nginx:1@${hex}`,
  hex,
])('Docker takes %s for an image', (text) => {
  expect(isDockerImage(text)).toBe(true);
});

test.each([
  'nginx latest',
  'UPPER:tag',
  'r.example/Upper',
  'nginx:1:2',
  'nginx:',
  'nginx:-1',
  `nginx:${'a'.repeat(129)}`,
  'https://docker.io/nginx',
  'oci://r.example/a',
  '/nginx',
  'nginx/',
  'a//b',
  'a..b',
  '-a.example/b',
  'r.example:x/b',
  'nginx@sha256:12',
  'a'.repeat(256),
  'nginx\n',
  '',
])('Docker takes %j for none', (text) => {
  expect(isDockerImage(text)).toBe(false);
});
