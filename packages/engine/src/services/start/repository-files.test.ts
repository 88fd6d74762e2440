import { planServices } from '@playhouse/contract/compose/plan/plan-services';
import { expect, test } from 'vitest';
import { namedFiles, repositoryOf } from './repository-files.ts';

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

const serviceOf = (name?: string) =>
  name === undefined
    ? { image: 'x' }
    : { image: 'x', labels: { 'playgrounds.repo_url': `https://git.example.org/${name}.git` } };

test('a service has the files of its own repository, another those of the only one', () => {
  const planOf = (services: object) => planServices({ services }).plan.services;
  const one = planOf({ web: serviceOf('a'), worker: serviceOf('a'), db: serviceOf() });
  expect(repositoryOf(one, 'worker')?.name).toBe('worker');
  expect(repositoryOf(one, 'db')?.name).toBe('web');
  expect(repositoryOf(one, null)?.name).toBe('web');
  const two = planOf({ web: serviceOf('a'), api: serviceOf('b'), db: serviceOf() });
  expect(repositoryOf(two, 'api')?.name).toBe('api');
  expect(repositoryOf(two, 'db')).toBeUndefined();
  expect(repositoryOf(planOf({ db: serviceOf() }), 'db')).toBeUndefined();
});
