import { expect, test } from 'vitest';
import { readServiceWishes } from './service-wishes.ts';

const none = { variable: [], branch: [], production: [], development: [], subdomain: [] };

test('what is said of a service is put together', () => {
  const options = {
    variable: ['KEY=a=b', 'EMPTY='],
    branch: ['web=feature/x', 'api=mine:main'],
    production: ['web'],
    development: ['api'],
    subdomain: ['web=shop', 'admin=@'],
  };
  expect(readServiceWishes(options)).toEqual({
    variables: { KEY: 'a=b', EMPTY: '' },
    services: {
      web: { branch: 'feature/x', production: true, subdomain: 'shop' },
      api: { branch: 'mine', newFrom: 'main', production: false },
      admin: { subdomain: '@' },
    },
  });
  expect(readServiceWishes(none)).toEqual({ variables: {}, services: {} });
});

test('what has another form is refused with the form that is wanted', () => {
  for (const [option, word] of [
    ['variable', 'KEY'],
    ['branch', 'web'],
    ['branch', 'web='],
    ['branch', 'web=new:'],
    ['branch', 'web=a:b:c'],
    ['subdomain', 'web='],
  ] as const)
    expect(() => readServiceWishes({ ...none, [option]: [word] })).toThrow(`--${option} takes `);
  expect(() => readServiceWishes({ ...none, production: ['web'], development: ['web'] })).toThrow('both');
});
