import { expect, test } from 'vitest';
import { composePlaceSchema, folderOf } from './compose-origin.ts';

const place = (path: string, repository = 'https://git.example.org/a.git') =>
  composePlaceSchema.safeParse({ repository, path });

test.each([
  ['compose.yaml', 'compose.yaml', ''],
  ['./deploy//compose.yml', 'deploy/compose.yml', 'deploy'],
  ['a/../b/c.yaml', 'b/c.yaml', 'b'],
])('the path %s is %s', (written, plain, folder) => {
  expect(place(written).data?.path).toBe(plain);
  expect(folderOf({ path: plain })).toBe(folder);
});

test.each([
  '/etc/compose.yaml',
  '../compose.yaml',
  'a/../../compose.yaml',
  'compose',
  '.yaml',
  'a/.yml',
  'a\\b.yaml',
  '~/c.yaml',
  '$HOME/c.yaml',
  'a\nb.yaml',
  'a\0.yaml',
  '',
])('the path %j is refused', (path) => {
  expect(place(path).success).toBe(false);
});

test.each([
  [`${'a'.repeat(196)}.yaml`, 'more than 200 bytes'],
  [`${'é'.repeat(101)}/compose.yaml`, 'more than 200 bytes'],
  ['interpolation.env/compose.yaml', 'may not begin with `interpolation.env`'],
  ['./interpolation.env//compose.yaml', 'may not begin with `interpolation.env`'],
])('the path %s cannot be one on the playroom, which is said', (path, words) => {
  expect(place(path).error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(words)]);
});

test.each([`${'a'.repeat(195)}.yaml`, `${'é'.repeat(100)}/compose.yaml`, 'deploy/interpolation.env/c.yaml'])(
  'the path %s can',
  (path) => expect(place(path).data?.path).toBe(path),
);

test.each(['https://ann:hush@git.example.org/a', 'ext::sh -c id', '--upload-pack=x', 'no address'])(
  'the address %s is refused',
  (repository) => {
    expect(place('compose.yaml', repository).success).toBe(false);
  },
);
