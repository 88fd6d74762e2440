import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { planServices } from '../plan/plan-services.ts';
import { environmentOf } from './render-service.ts';
import { mapTexts, readRendered } from './read-rendered.ts';
import { renderCompose } from './render-compose.ts';
import type { RenderOptions } from './render-options.ts';
import { writeCompiled, writeCompose } from './write-compose.ts';

const owner = { 'playhouse.playground': '65f0c1d2e3a4b5c6d7e8f9aa' };

function render(services: string, more: Partial<RenderOptions> = {}, rest = '', jobMode = false) {
  const rendered = parse(`services: ${services}\n${rest}`) as Record<string, unknown>;
  const { plan } = planServices(rendered, { jobMode });
  const base = { rendered, plan, project: 'pg-1-lab', owner, policy: {}, services: {} };
  return renderCompose({ ...base, ingressNetwork: null, volumePrefix: null, ...more });
}

test('our labels and those of others are gone, the owner is on everything', () => {
  const { file } = render(
    '{ web: { image: x, labels: { playgrounds.port: "80", traefik.enable: "true", a: b } } }',
    {},
    'networks: { default: { name: pg-1-lab_default } }\nvolumes: { data: { name: other, labels: { a: b } } }',
  );
  expect(file).toEqual({
    name: 'pg-1-lab',
    services: { web: { image: 'x', labels: { a: 'b', ...owner, 'playhouse.port': '80' } } },
    networks: { default: { name: 'pg-1-lab_default', labels: owner } },
    volumes: { data: { name: 'pg-1-lab_data', labels: { a: 'b', ...owner } } },
  });
});

test('a network gets the subnet that was chosen for it, unless it says where its addresses come from, or is no bridge here', () => {
  const subnets = Object.fromEntries(
    ['plain', 'empty', 'own', 'foreign', 'lan', 'six'].map((key) => [key, '10.201.0.64/26']),
  );
  const { file } = render(
    '{ web: { image: x } }',
    { subnets },
    `networks:
  plain: { name: pg-1-lab_plain, internal: true }
  empty: { name: pg-1-lab_empty, ipam: { driver: default, config: [] } }
  own: { name: pg-1-lab_own, ipam: { config: [{ subnet: 192.168.7.0/24 }] } }
  foreign: { name: theirs, external: true }
  lan: { name: pg-1-lab_lan, driver: macvlan }
  six: { name: pg-1-lab_six, enable_ipv4: false }
  late: { name: pg-1-lab_late, ipam: {} }`,
  );
  const ipam = { config: [{ subnet: '10.201.0.64/26' }] };
  expect(file['networks']).toEqual({
    plain: { name: 'pg-1-lab_plain', internal: true, ipam, labels: owner },
    empty: { name: 'pg-1-lab_empty', ipam, labels: owner },
    own: { name: 'pg-1-lab_own', ipam: { config: [{ subnet: '192.168.7.0/24' }] }, labels: owner },
    foreign: { name: 'theirs', external: true },
    lan: { name: 'pg-1-lab_lan', driver: 'macvlan', labels: owner },
    six: { name: 'pg-1-lab_six', enable_ipv4: false, labels: owner },
    late: { name: 'pg-1-lab_late', ipam: {}, labels: owner },
  });
});

const fixed =
  '{ web: { image: x, container_name: c, hostname: h, ports: [{ target: 80, published: "8080" }], logging: { driver: syslog }, profiles: [p] } }';

test('what could exist only once is left out unless the policy allows it', () => {
  expect(render(fixed).file['services']).toEqual({ web: { image: 'x', hostname: 'h', labels: owner } });
  const policy = { 'container-name': 'allow', 'host-port': 'allow', 'log-driver': 'allow' } as const;
  expect(Object.keys(web(render(fixed, { policy })))).toEqual(
    expect.arrayContaining(['container_name', 'ports', 'logging']),
  );
});

test('containers that run side by side share no host name', () => {
  const labels = 'labels: { playgrounds.port: "80", playgrounds.zerodowntime: "true" }';
  const policy = { 'container-name': 'allow', 'host-port': 'allow' } as const;
  const service = web(render(fixed.replace('image: x', `image: x, ${labels}`), { policy }));
  expect(service).toEqual({ image: 'x', labels: { ...owner, 'playhouse.port': '80' } });
});

const dynamic = `{ web: { build: { context: /srv/pg/web }, command: old, environment: { A: b, N: null },
  volumes: [{ type: bind, source: /x, target: /app }, { type: volume, source: m, target: /app/node_modules }],
  labels: { playgrounds.repo_url: "https://git.example.org/a/b.git", playgrounds.start_command: npm run dev } } }`;

test('in development mode the working copy is mounted over the image that was built', () => {
  const services = { web: { image: 'playhouse.internal/b:1', built: true, checkout: '/srv/pg/web' } };
  expect(web(render(dynamic, { services }))).toEqual({
    image: 'playhouse.internal/b:1',
    pull_policy: 'never',
    command: 'npm run dev',
    environment: { A: 'b' },
    volumes: [
      { type: 'bind', source: '/srv/pg/web', target: '/app' },
      { type: 'volume', source: 'm', target: '/app/node_modules' },
    ],
    labels: owner,
  });
});

test('in production mode it is the image alone; variables replace the environment', () => {
  const services = { web: { image: 'i', checkout: null, variables: { A: 'p$w' }, startCommand: 'a && b' } };
  expect(web(render(dynamic, { services }))).toMatchObject({
    command: ['sh', '-c', 'a && b'],
    environment: { A: 'p$w' },
    volumes: [{ target: '/app' }, { target: '/app/node_modules' }],
  });
  expect(() => render(dynamic)).toThrow(TypeError);
});

test('a routed service joins the network of the ingress beside its own', () => {
  const text =
    '{ web: { image: x, networks: { front: null }, labels: { playgrounds.port: "80" } }, db: { image: y } }';
  const { file } = render(
    text,
    { ingressNetwork: 'pg-1-lab_ingress' },
    'networks: { front: { name: pg-1-lab_front } }',
  );
  expect(file).toMatchObject({
    services: {
      web: { networks: { front: null, 'playhouse-ingress': null } },
    },
    networks: { 'playhouse-ingress': { name: 'pg-1-lab_ingress', external: true } },
  });
  expect(file['services']).not.toHaveProperty('db.networks');
});

test('volumes that outlive the playground are made by others, under their own names', () => {
  const volumes = 'volumes: { data: { name: pg-1-lab_data, driver_opts: { type: tmpfs } }, pg: { } }';
  const { file, persistentVolumes } = render('{ db: { image: x } }', { volumePrefix: 'pv-1-2' }, volumes);
  expect(file['volumes']).toEqual({
    data: { name: 'pv-1-2_data', external: true },
    pg: { name: 'pv-1-2_pg', external: true },
  });
  expect(persistentVolumes).toEqual([
    { name: 'pv-1-2_data', key: 'data', driver: 'local', options: { type: 'tmpfs' } },
    { name: 'pv-1-2_pg', key: 'pg', driver: 'local', options: {} },
  ]);
});

test('a job runs each service once', () => {
  const text =
    '{ web: { image: x, restart: always, scale: 3, deploy: { replicas: 3, restart_policy: {}, resources: {} } } }';
  expect(web(render(text, {}, '', true))).toEqual({
    image: 'x',
    restart: 'no',
    deploy: { resources: {}, replicas: 1 },
    labels: owner,
  });
});

test('the same input gives the same text', () => {
  expect(writeCompose(render(fixed).file)).toBe(writeCompose(render(fixed).file));
});

test('every dollar sign is doubled once, in values only, and nothing changes its type on the way', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', '"', "'", '\n', '#', ':', ' ', '\\', '\t') }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '1_000',
      'yes',
      '2001-01-01',
      '0o14',
      '1e3',
      '~',
      'null',
      '<<',
      '=',
      '!x',
      '- a',
      '&a',
      '*a',
      '0x1',
      '.inf',
      '12:30:45',
    ),
  );
  const key = text.filter((name) => name !== '__proto__');
  const data = fc.dictionary(
    key,
    fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text), fc.dictionary(key, text)),
  );
  const single = (value: string) => value.replaceAll('$$', () => '$');
  fc.assert(
    fc.property(data, (value) => {
      // What Compose does: it reads the YAML and interpolates values.
      const read = mapTexts(parse(writeCompose(value)), single, (name) => name);
      expect(read).toEqual({ ...value });
      expect(parse(writeCompiled(value))).toEqual({ ...value });
      // What Compose prints: JSON in which all dollar signs are doubled.
      const printed = JSON.stringify(value).replaceAll('$', () => '$$');
      expect(readRendered(printed)).toEqual({ ...value });
    }),
  );
});

test('an environment as texts, without names that have no value', () => {
  expect(environmentOf({ environment: { A: 'x', B: null, C: 5, D: true } })).toEqual({
    A: 'x',
    C: '5',
    D: 'true',
  });
  expect(environmentOf({})).toEqual({});
});

function web({ file }: ReturnType<typeof render>): Record<string, unknown> {
  return (file['services'] as { web: Record<string, unknown> }).web;
}
