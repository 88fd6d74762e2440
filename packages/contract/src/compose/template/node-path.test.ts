import { expect, test } from 'vitest';
import { parseNodePath, writeAt } from './node-path.ts';

test.each([
  ['services.web.image', ['services', 'web', 'image']],
  ['services.web.ports[0]', ['services', 'web', 'ports', 0]],
  ['services.web.ports.0', ['services', 'web', 'ports', '0']],
  ['services["my.web"].labels[\'a.b\']', ['services', 'my.web', 'labels', 'a.b']],
])('%s', (text, path) => {
  expect(parseNodePath(text)).toEqual(path);
});

test.each(['', 'services', 'a..b', 'a.', 'a[', 'a[x]', 'a["b]', 'x-playgrounds.variables', 'a.__proto__.b'])(
  '%s is no path',
  (text) => {
    expect(parseNodePath(text)).toBeUndefined();
  },
);

test('a value replaces, is added to a block, or to the end of a list', () => {
  const file = { services: { web: { ports: ['80'] } } };
  expect(writeAt(file, ['services', 'web', 'ports', 0], '81')).toEqual({
    services: { web: { ports: ['81'] } },
  });
  expect(writeAt(file, ['services', 'web', 'ports', '1'], '81')).toEqual({
    services: { web: { ports: ['80', '81'] } },
  });
  expect(writeAt(file, ['services', 'web', 'image'], 'x')).toEqual({
    services: { web: { ports: ['80'], image: 'x' } },
  });
  expect(file).toEqual({ services: { web: { ports: ['80'] } } });
});

test('a place whose blocks are not there is none', () => {
  const file = { services: { web: { image: 'x', ports: [] } } };
  for (const path of [
    ['services', 'db', 'image'],
    ['services', 'web', 'image', 'tag'],
    ['services', 'web', 'ports', 5],
    ['services', 'web', 'ports', 'first'],
    ['services', 'toString', 'x'],
  ]) {
    expect(writeAt(file, path, 'x')).toBeUndefined();
  }
});
