import { expect, test } from 'vitest';
import { ownBinds, withOwnBinds } from './own-binds.ts';

const bind = (source: string) => ({ type: 'bind', source, target: '/x' });
const shared = () => ({ owner: null, folder: '/c' });
const rendered = {
  services: {
    web: {
      volumes: [
        bind('/c/public'),
        bind('/c/public/inner'),
        bind('/c/nginx.conf'),
        bind('/elsewhere/c'),
        { type: 'volume', source: 'data', target: '/data' },
      ],
    },
    all: { volumes: [bind('/c'), bind('/cc')] },
    none: { image: 'x' },
  },
};

test('what is mounted from beside the file is found', () => {
  expect(ownBinds(rendered, shared)).toEqual(
    ['public', 'public/inner', 'nginx.conf', '.'].map((path) => ({ owner: null, path })),
  );
});

test('no place lies inside of another, and a file of a repository is not to be written', () => {
  const { rendered: placed, folders } = withOwnBinds(rendered, {
    ...{ besideOf: shared, shared: '/s' },
    fileOf: ({ path }) => (path === 'nginx.conf' ? '/f/1' : undefined),
  });
  expect(folders.map(({ folder }) => folder)).toEqual(['/s/at-public', '/s/at-public%2Finner', '/s/at-.']);
  expect(placed).toMatchObject({
    services: {
      web: {
        volumes: [
          { source: '/s/at-public' },
          { source: '/s/at-public%2Finner' },
          { source: '/f/1', read_only: true },
          { source: '/elsewhere/c' },
          { source: 'data' },
        ],
      },
      all: { volumes: [{ source: '/s/at-.' }, { source: '/cc' }] },
      none: { image: 'x' },
    },
  });
});

test('a service with a repository of its own has places of its own, and none above where that begins', () => {
  const mounting = (...sources: string[]) => ({ volumes: sources.map(bind) });
  const file = { services: { a: mounting('/c/d/x', '/c/y'), 'b-at': mounting('/c/d/x', '/c/d') } };
  const besideOf = (name: string) =>
    name === 'a' ? { owner: null, folder: '/c' } : { owner: name, folder: '/c/d' };
  const { rendered: placed, folders } = withOwnBinds(file, {
    besideOf,
    shared: '/s',
    fileOf: () => undefined,
  });
  expect(folders).toEqual([
    { owner: null, path: 'd/x', folder: '/s/at-d%2Fx' },
    { owner: null, path: 'y', folder: '/s/at-y' },
    { owner: 'b-at', path: 'x', folder: '/s/of-b-at@x' },
    { owner: 'b-at', path: '.', folder: '/s/of-b-at@.' },
  ]);
  const above = { services: { b: mounting('/c/y') } };
  expect(withOwnBinds(above, { besideOf, shared: '/s', fileOf: () => undefined }).rendered).toEqual(above);
  expect(placed).not.toEqual(file);
});
