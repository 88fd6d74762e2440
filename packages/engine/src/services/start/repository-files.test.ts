import { expect, test } from 'vitest';
import { namedFiles } from './repository-files.ts';

test('files beside the Compose file are found, and no others', () => {
  const file = {
    services: { web: { env_file: 'a.env' } },
    configs: {
      here: { file: './etc/here' },
      content: { content: 'x' },
      absolute: { file: '/etc/passwd' },
      home: { file: '~/x' },
      unknown: { file: '${X}' },
    },
    secrets: { out: { file: 'a/../../out' }, all: { file: '.' }, plain: { file: 'b/../c' } },
  };
  expect(namedFiles(file)).toEqual(['etc/here', 'c']);
  expect(namedFiles('no file')).toEqual([]);
});

test('of a Compose file in a folder they may lie above it, and no higher than the repository', () => {
  const configs = { up: { file: '../etc/up' }, here: { file: 'here' }, out: { file: '../../out' } };
  expect(namedFiles({ configs }, 'deploy')).toEqual(['etc/up', 'deploy/here']);
});
