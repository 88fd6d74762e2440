import { expect, test } from 'vitest';
import { configurationSchema, environmentName, resolveConfiguration, settingPaths } from './configuration.ts';
import { parseStandIns } from './source-stand-ins.ts';

test('without file and variables everything has its default', () => {
  expect(resolveConfiguration(null, {})).toEqual(configurationSchema.parse({}));
  expect(resolveConfiguration('', {})).toEqual(configurationSchema.parse({}));
  expect(resolveConfiguration(null, {})).toMatchObject({
    server: { port: 7700 },
    engine: { accelerator: 'auto' },
  });
});

test('the file wins over the default, a variable over the file', () => {
  const file = 'logLevel: debug\nserver: { port: 1234, host: "0.0.0.0" }\n';
  const { logLevel, server } = resolveConfiguration(file, {
    PLAYHOUSE_SERVER_PORT: '4321',
    PLAYHOUSE_ENGINE_EDGE_RANGE: undefined,
    PLAYHOUSE_UNRELATED: 'x',
  });
  expect(logLevel).toBe('debug');
  expect(server).toMatchObject({ port: 4321, host: '0.0.0.0' });
});

test('a variable works where the file has an empty section', () => {
  expect(resolveConfiguration('server:\n', { PLAYHOUSE_SERVER_PORT: '4321' }).server.port).toBe(4321);
});

test('a rule of the host policy is one that there is', () => {
  const policy = (hostPolicy: string) =>
    resolveConfiguration(null, { PLAYHOUSE_COMPOSE_HOST_POLICY: hostPolicy });
  expect(policy(' privileged=warn  sysctl=allow ').compose.hostPolicy).toContain('sysctl');
  for (const text of ['privilege=warn', 'privileged', 'privileged=off', 'a=b=c', '=warn']) {
    expect(() => policy(text)).toThrow('compose.hostPolicy');
  }
});

test('a domain is a name that others can stand before, and is written in lower case', () => {
  const domain = (text: string) =>
    resolveConfiguration(null, { PLAYHOUSE_INGRESS_DOMAIN: text }).ingress.domain;
  expect(domain('Play.Example.ORG')).toBe('play.example.org');
  expect(domain('xn--bcher-kva.example')).toBe('xn--bcher-kva.example');
  for (const text of ['example.org.', '10.0.0.1', 'bücher.example', `${'a.'.repeat(95)}org`, ''])
    expect(() => domain(text)).toThrow('ingress.domain');
});

test('every wrong setting is named at once', () => {
  const wrong = () =>
    resolveConfiguration('server: { port: 0, prot: 1 }\nengine: { edgeRange: everywhere }\n', {
      PLAYHOUSE_STATE_DIRECTORY: 'relative',
    });
  expect(wrong).toThrow(
    expect.objectContaining({
      code: 'configuration-invalid',
      message: expect.stringMatching(
        /(?=.*stateDirectory:)(?=.*server\.port:)(?=.*prot)(?=.*engine\.edgeRange:)/,
      ) as string,
    }) as Error,
  );
});

test.each(['[1, 2]', 'just text', '{ unclosed', 'a: 1\na: 2'])(
  'refuses a file that is no mapping: %s',
  (text) => {
    expect(() => resolveConfiguration(text, {}, '/etc/x.yaml')).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        hint: expect.stringContaining('/etc/x.yaml') as string,
      }) as Error,
    );
  },
);

test('lists of addresses and subnets are read word by word', () => {
  const engine = (line: string) => resolveConfiguration(`engine: { ${line} }`, {}).engine;
  expect(engine('nameservers: 192.0.2.1  192.0.2.2').nameservers).toBe('192.0.2.1  192.0.2.2');
  expect(engine('reachableRanges: 10.1.0.0/16 10.2.3.0/24').reachableRanges).toBe('10.1.0.0/16 10.2.3.0/24');
  for (const wrong of ['nameservers: dns.example', 'nameservers: 192.0.2.300', 'reachableRanges: 10.1.0.0']) {
    expect(() => engine(wrong)).toThrow(/expected (IPv4 addresses|subnets)/);
  }
});

test('stand-ins are pairs, each name once; their references are well written', () => {
  const standIns = (text: string) =>
    parseStandIns(resolveConfiguration(`engine: { sourceStandIns: '${text}' }`, {}).engine.sourceStandIns);
  expect(parseStandIns(resolveConfiguration(null, {}).engine.sourceStandIns)).toMatchObject({
    'ubuntu-24-04': 'debian-12',
  });
  expect(standIns('')).toEqual({});
  expect(standIns('a=debian-12  b=oci://registry.example/b:1')).toEqual({
    a: 'debian-12',
    b: 'oci://registry.example/b:1',
  });
  for (const wrong of ['a', 'a=', '=b', 'a=b a=c', 'a=b=c', 'a=oci://x', 'oci://registry.example/a=b', 'A=b'])
    expect(() => standIns(wrong), wrong).toThrow(/expected NAME=SOURCE/);
});

test('each setting has a variable of its own', () => {
  expect(environmentName(['stateDirectory'])).toBe('PLAYHOUSE_STATE_DIRECTORY');
  expect(environmentName(['server', 'port'])).toBe('PLAYHOUSE_SERVER_PORT');
  expect(environmentName(['engine', 'memoryBudgetMiB'])).toBe('PLAYHOUSE_ENGINE_MEMORY_BUDGET_MIB');
  const names = settingPaths().map(environmentName);
  expect(names).toContain('PLAYHOUSE_ENGINE_MACHINE_USER');
  expect(new Set(names).size).toBe(names.length);
});
