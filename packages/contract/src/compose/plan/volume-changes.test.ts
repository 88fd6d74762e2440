import { expect, test } from 'vitest';
import { PlayhouseError } from '../../errors/playhouse-error.ts';
import { parse } from 'yaml';
import { findVolumeChanges } from './volume-changes.ts';

const lasting = 'x-playgrounds: { metadata: { persist_volumes: true } }\n';
const shop = `
services:
  web: { image: w, volumes: ['./pages:/srv', 'cache:/cache', '/nameless'] }
  db: { image: d, volumes: [{ type: volume, source: data, target: /data }] }
volumes: { cache: {}, data: {} }
`;
const changes = (before: string, now: string) =>
  findVolumeChanges(parse(before), parse(now), 'shop').map(({ code, parameters }) => {
    const { volume, former, service } = parameters as Record<string, string>;
    return [code, ...[volume, former, service].filter((each) => each !== undefined)];
  });

test('what stays under its name, and what is added, is no matter', () => {
  expect(changes(shop, shop)).toEqual([]);
  expect(changes(shop, shop.replace('image: w', 'image: v'))).toEqual([]);
  expect(changes(shop, shop.replace("'/nameless'", "'more:/more'"))).toEqual([]);
  expect(changes(shop, shop.replace('web:', 'site:'))).toEqual([]);
  expect(changes(shop, shop + lasting)).toEqual([]);
  expect(changes('services: []', '[]')).toEqual([]);
});

test('a volume that was renamed begins empty, also when its service was renamed with it', () => {
  const renamed = shop.replaceAll('source: data', 'source: rows').replace('data: {}', 'rows: {}');
  expect(changes(shop, renamed)).toEqual([['compose-volume-renamed', 'rows', 'data', 'db']]);
  expect(changes(shop, renamed.replace('db:', 'postgres:'))).toEqual([
    ['compose-volume-renamed', 'rows', 'data', 'postgres'],
  ]);
});

test('a volume that no service has any more is left, though it is declared', () => {
  expect(changes(shop, shop.replace(", 'cache:/cache'", ''))).toEqual([['compose-volume-left', 'cache']]);
});

test('two services with volumes at the same place are not taken for each other', () => {
  const pair = (...names: readonly string[]) =>
    `services: { a: { image: x, volumes: ['${names[0]}:/data'] }, b: { image: x, volumes: ['${names[1]}:/data'] } }`;
  expect(changes(pair('one', 'two'), pair('one', 'other'))).toEqual([
    ['compose-volume-renamed', 'other', 'two', 'b'],
  ]);
});

test('what was kept for later playgrounds is not found by them without `persist_volumes`', () => {
  expect(changes(shop + lasting, shop)).toEqual([['compose-volumes-end']]);
  const note = (before: string) => {
    const [issue] = findVolumeChanges(parse(before), parse(shop.replace(", 'cache:/cache'", '')), 'shop');
    return new PlayhouseError(issue?.code ?? 'internal-error', issue?.parameters ?? {}).hint;
  };
  expect(note(shop + lasting)).toContain('playhouse playspec volumes shop');
  expect(note(shop)).toContain('until they are destroyed');
});

test('a dynamic service that goes leaves its checkout', () => {
  const dynamic = (name: string) =>
    `services: { ${name}: { labels: ['playgrounds.repo_url=https://example.org/a/b'] } }`;
  expect(changes(dynamic('web'), dynamic('site'))).toEqual([['compose-checkout-left', 'web']]);
});
