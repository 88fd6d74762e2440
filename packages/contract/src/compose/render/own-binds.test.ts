import { expect, test } from 'vitest';
import { ownBinds, withOwnBinds } from './own-binds.ts';

const bind = (source: string) => ({ type: 'bind', source, target: '/x' });
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
  expect(ownBinds(rendered, '/c')).toEqual(['public', 'public/inner', 'nginx.conf', '.']);
});

test('no place lies inside of another, and a file of a repository is not to be written', () => {
  const files = new Map([['nginx.conf', '/f/1']]);
  const { rendered: placed, folders } = withOwnBinds(rendered, { beside: '/c', shared: '/s', files });
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
