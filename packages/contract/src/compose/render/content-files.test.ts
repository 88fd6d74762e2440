import { expect, test } from 'vitest';
import { withContentFiles } from './content-files.ts';

const rendered = {
  services: {
    db: {
      secrets: [{ source: 'password', mode: 0o400, uid: '70' }, { source: 'file' }],
      configs: [{ source: 'written', target: '/etc/written' }],
      volumes: [{ type: 'volume', source: 'data', target: '/data' }],
    },
    web: { secrets: [{ source: 'password', target: 'key' }], configs: [{ source: 'given' }] },
    idle: { image: 'x' },
  },
  configs: { written: { content: 'as it is' }, given: { environment: 'GIVEN' } },
  secrets: { password: { environment: 'PASSWORD' }, file: { file: './x' } },
};
const values = { PASSWORD: 'p$1', GIVEN: 'g' };
const made = (more: object = {}) =>
  withContentFiles(rendered, { values: { ...values, ...more }, folder: '/f' });

const mountsOf = (name: string, more = {}) =>
  (made(more).rendered['services'] as Record<string, { volumes?: { source: string; target: string }[] }>)[
    name
  ]?.volumes ?? [];

test('what has its content in the file or a variable is mounted where it would be copied to', () => {
  const { rendered: file, files } = made();
  expect(file).toMatchObject({
    services: { db: { secrets: [{ source: 'file' }], configs: [] }, idle: { image: 'x' } },
    configs: {},
    secrets: { file: { file: './x' } },
  });
  expect(mountsOf('db').map(({ target }) => target)).toEqual([
    '/data',
    '/etc/written',
    '/run/secrets/password',
  ]);
  expect(mountsOf('web').map(({ target }) => target)).toEqual(['/given', '/run/secrets/key']);
  expect(files).toHaveLength(4);
  const password = mountsOf('db')[2]?.source;
  expect(files.find(({ path }) => path === password)).toMatchObject({
    content: 'p$1',
    mode: 0o400,
    uid: 70,
    gid: 0,
  });
  expect(files.find(({ content }) => content === 'g')).toMatchObject({ mode: 0o444, uid: 0 });
});

test('another content is another file, so that the service that has it changes, and no other', () => {
  const other = { PASSWORD: 'other' };
  expect(mountsOf('db', other)[2]).not.toEqual(mountsOf('db')[2]);
  expect(mountsOf('db', other)[1]).toEqual(mountsOf('db')[1]);
  expect(mountsOf('web', other)[0]).toEqual(mountsOf('web')[0]);
});
