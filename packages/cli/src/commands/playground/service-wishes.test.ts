import { expect, test } from 'vitest';
import { readServiceWishes, type ServiceOptions } from './service-wishes.ts';

const none: ServiceOptions = {
  ...{ variable: [], env: [], branch: [], production: [], development: [], subdomain: [], startCommand: [] },
  buildOverrides: undefined,
};
const read = async (options: Partial<ServiceOptions>, file = '') =>
  await readServiceWishes({ readInput: async () => file }, { ...none, ...options }, 'playground start');

test('what is said of a service is put together', async () => {
  const options = {
    variable: ['KEY=a=b', 'EMPTY='],
    env: ['MODE=x', 'web:LEVEL=debug', 'web:URL=http://a:1/?b=c'],
    unset: ['OLD', 'api:TOKEN'],
    branch: ['web=feature/x', 'api=mine:main'],
    production: ['web'],
    development: ['api'],
    subdomain: ['web=shop', 'admin=@'],
    startCommand: ['admin=serve --port=80'],
    buildOverrides: 'build.yaml',
  };
  expect(await read(options, 'web: { target: test, args: { A: "1" } }')).toEqual({
    variables: { KEY: 'a=b', EMPTY: '' },
    environment: { MODE: 'x', OLD: null },
    services: {
      web: {
        branch: 'feature/x',
        production: true,
        subdomain: 'shop',
        build: { target: 'test', args: { A: '1' } },
        environment: { LEVEL: 'debug', URL: 'http://a:1/?b=c' },
      },
      api: { branch: 'mine', newFrom: 'main', production: false, environment: { TOKEN: null } },
      admin: { subdomain: '@', startCommand: 'serve --port=80' },
    },
  });
  expect(await read({})).toEqual({ variables: {}, environment: {}, services: {} });
});

test('what has another form is refused with the form that is wanted', async () => {
  for (const [option, word] of [
    ['variable', 'KEY'],
    ['env', 'KEY'],
    ['branch', 'web'],
    ['branch', 'web='],
    ['branch', 'web=new:'],
    ['branch', 'web=a:b:c'],
    ['subdomain', 'web='],
    ['startCommand', 'web'],
  ] as const)
    await expect(read({ [option]: [word] })).rejects.toThrow(/--[a-z-]+ takes /);
  await expect(read({ production: ['web'], development: ['web'] })).rejects.toThrow('both');
  await expect(read({ env: ['web:2=x'] })).rejects.toThrow('names no variable');
});

test('build overrides that are no YAML, or say something else, are refused by their place', async () => {
  await expect(read({ buildOverrides: 'b.yaml' }, 'a: [')).rejects.toThrow(
    'b.yaml:1:5: This is not valid YAML',
  );
  await expect(read({ buildOverrides: 'b.yaml' }, 'web: { privileged: true }')).rejects.toThrow(
    'b.yaml:1:8 web.privileged: There is no field `privileged` here',
  );
  await expect(read({ buildOverrides: 'b.yaml' }, 'web: { args: !reset {} }')).rejects.toThrow(
    'b.yaml:1:14: The tag `!reset` is not carried out',
  );
  expect(await read({ buildOverrides: 'b.yaml' }, '# nothing')).toMatchObject({ services: {} });
});

test('build arguments are taken as they are written, and a file without any changes nothing', async () => {
  const text = 'web: { args: { VERSION: 1.10, DEBUG: yes, ON: true, NAME: "a b", NONE: } }';
  const { services } = await read({ buildOverrides: 'b.yaml' }, text);
  expect(services).toEqual({
    web: { build: { args: { VERSION: '1.10', DEBUG: 'yes', ON: 'true', NAME: 'a b', NONE: '' } } },
  });
  for (const nothing of ['', '# none\n']) {
    expect((await read({ buildOverrides: 'b.yaml' }, nothing)).services).toEqual({});
  }
});

test.each(['a..b', 'a b', '-x', 'a.lock', 'b'.repeat(245), 'new:b~1'])(
  '%j is refused before anything is asked',
  async (branch) => {
    await expect(read({ branch: [`web=${branch}`] })).rejects.toThrow(/cannot be a branch/);
  },
);
