import { expect, test } from 'vitest';
import { bakeDefinition } from './bake-definition.ts';

test('whatever a value looks like, bake takes it as it is', () => {
  const text = bakeDefinition({
    ...{ image: 'a:b', context: '/srv/${x}', dockerfile: '/srv/Dockerfile', target: null },
    arguments: [
      ['TEMPLATE', '${PATH} %{ if } $${twice} $& $'],
      ['QUOTE', '"]}'],
      ['__proto__', 'x'],
    ],
    labels: { 'playhouse.commit': 'c' },
  });
  // What bake makes of a template that has only literals.
  const said = text.replaceAll(/\$\$\{|%%\{/g, (escape) => escape.slice(1));
  const { image } = (JSON.parse(said) as { target: { image: Record<string, unknown> } }).target;
  expect(text.match(/(?<!\$)\$\{|(?<!%)%\{/g)).toBeNull();
  expect(image).toMatchObject({ context: '/srv/${x}', dockerfile: '/srv/Dockerfile', tags: ['a:b'] });
  const values = image['args'] as Record<string, string>;
  expect(values['TEMPLATE']).toBe('${PATH} %{ if } $${twice} $& $');
  expect(values['QUOTE']).toBe('"]}');
  expect(Object.entries(values)).toContainEqual(['__proto__', 'x']);
  expect(image).not.toHaveProperty('target');
});

test('a Dockerfile that the file has in itself is taken as it is, with what else it says of the build', () => {
  const said = bakeDefinition({
    ...{ image: 'a:b', context: '/srv', dockerfile: null, target: 'last', arguments: [], labels: { a: 'b' } },
    extras: { inline: 'FROM x\nRUN echo ${A}\n', noCache: true, pull: true, shmSize: '64m' },
  });
  const { image } = (JSON.parse(said) as { target: { image: Record<string, unknown> } }).target;
  expect(image).toEqual({
    ...{
      context: '/srv',
      labels: { a: 'b' },
      tags: ['a:b'],
      output: ['type=docker'],
      args: {},
      target: 'last',
    },
    ...{ 'dockerfile-inline': 'FROM x\nRUN echo $${A}\n', 'no-cache': true, pull: true, 'shm-size': '64m' },
  });
});

test('a build for another platform is asked for by its name', () => {
  const build = {
    image: 'a:b',
    context: '/srv',
    dockerfile: '/srv/D',
    target: null,
    arguments: [],
    labels: {},
  };
  const platforms = (more: object) =>
    (JSON.parse(bakeDefinition({ ...build, ...more })) as { target: { image: { platforms?: string[] } } })
      .target.image.platforms;
  expect(platforms({ platform: 'linux/arm64' })).toEqual(['linux/arm64']);
  expect(platforms({})).toBeUndefined();
});
