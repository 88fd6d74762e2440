import { expect, test } from 'vitest';
import { formatProblem } from '../errors/problem.ts';
import {
  composeProblems,
  labelled,
  parsedCompose,
  placesOf,
  repository,
  webText,
} from './testing/compose-text.ts';

test('a static service has what its labels say', () => {
  const { plan, notes } = parsedCompose(
    labelled(['port: 80', 'visibility: external', 'path_rule: /api', 'start_command: nginx -g x']),
  );
  expect(notes).toEqual([]);
  expect(plan).toEqual({
    jobMode: false,
    services: [
      {
        name: 'web',
        kind: 'static',
        image: 'nginx:1.27',
        source: null,
        build: null,
        buildAhead: true,
        production: false,
        startCommand: 'nginx -g x',
        exposure: {
          port: 80,
          visibility: 'external',
          subdomain: 'web',
          pathRule: { kind: 'prefix', value: '/api' },
        },
        healthCheck: null,
        dockerHealthCheck: false,
        zeroDowntime: false,
        watched: false,
        profiles: [],
      },
    ],
  });
});

test('a dynamic service is built unless it has an image and runs in development mode', () => {
  const built = `services:
  api:
    build:
      context: ./api
      args: [MODE=dev, TOKEN]
      target: base
    labels:
      playgrounds.${repository}
      playgrounds.branch: feature/x
      playgrounds.build_args: MODE=prod
      playgrounds.build_target: final
      playgrounds.dockerfile: docker/Dockerfile
`;
  expect(parsedCompose(built).plan.services[0]).toMatchObject({
    kind: 'dynamic',
    source: {
      branch: 'feature/x',
      mount: '/app',
      envFile: '.env.example',
      repository: { transport: 'https' },
    },
    build: {
      context: './api',
      dockerfile: 'docker/Dockerfile',
      target: 'final',
      arguments: { MODE: 'prod', TOKEN: null },
    },
  });
  const mounted = parsedCompose(labelled([repository, 'source_mount: /srv/'])).plan.services[0];
  expect(mounted).toMatchObject({ kind: 'dynamic', build: null, source: { mount: '/srv' } });
  const production = parsedCompose(labelled([repository, 'production: true'])).plan.services[0];
  expect(production).toMatchObject({ production: true, build: { context: '.', dockerfile: 'Dockerfile' } });
});

const origin = {
  repository: 'https://git.example.org/a/b.git',
  branch: 'dev',
  commit: 'c0ffee',
  path: 'deploy/compose.yaml',
};

test('what a repository’s own file builds is built from that repository', () => {
  const text = 'services: { web: { build: . }, db: { image: x } }';
  expect(placesOf(text)).toEqual(['compose-repository-missing 1:27']);
  const [web, db] = parsedCompose(text, { origin }).plan.services;
  expect(web?.source).toMatchObject({
    repository: { url: origin.repository, transport: 'https' },
    ofFile: true,
    branch: 'dev',
  });
  expect(db?.source).toBeNull();
});

test('of a repository’s own file labels win, and what services extend counts', () => {
  const planned = (fields: string, more = '') =>
    parsedCompose(`services: { web: { ${fields} }${more} }`, { origin }).plan.services[0]?.source ?? null;
  const other = 'https://git.example.org/other.git';
  const named = planned(`build: ., labels: { playgrounds.repo_url: '${other}' }`);
  expect(named).toEqual(expect.not.objectContaining({ ofFile: true }));
  expect(named).toMatchObject({ repository: { url: other }, branch: null });
  expect(planned('build: ., labels: { playgrounds.branch: main }')?.branch).toBe('main');
  expect(planned('image: x, labels: { playgrounds.dockerfile: D }')?.ofFile).toBe(true);
  expect(planned('extends: { service: base }', ', base: { build: . }')?.ofFile).toBe(true);
  expect(planned('extends: { file: base.yaml, service: s }')?.ofFile).toBe(true);
  expect(planned('image: x')).toBeNull();
});

test('relative paths of a repository’s file lead as far as that, and no further', () => {
  const mounting = (path: string) => webText([`volumes: ['${path}:/x']`]);
  const places = (path: string) => placesOf(mounting(path), { origin });
  expect(places('../nginx.conf')).toEqual([]);
  expect(places('../..')).toEqual(['compose-denied 4:15']);
  expect(places('../../x')).toEqual(['compose-denied 4:15']);
  expect(places('./a/../../../x')).toEqual(['compose-denied 4:15']);
  expect(places('/etc/passwd')).toEqual(['compose-denied 4:15']);
  expect(placesOf(mounting('../nginx.conf'))).toEqual(['compose-denied 4:15']);
  expect(placesOf('services: { web: { build: ../.. } }', { origin })).toEqual(['compose-denied 1:20']);
});

test('a health check has defaults where it says nothing, and is there when a rollout needs it', () => {
  const check = (labels: readonly string[]) => parsedCompose(labelled(labels)).plan.services[0]?.healthCheck;
  expect(check(['port: 80'])).toBeNull();
  expect(check(['port: 80', 'healthcheck_timeout: 500ms'])).toEqual({
    path: '/up',
    intervalMs: 10_000,
    timeoutMs: 500,
    retries: 3,
    startPeriodMs: 30_000,
  });
  expect(check(['port: 80', 'zerodowntime: true'])).toMatchObject({ path: '/up' });
});

test.each([
  ['YAML', 'services:\n  web: [', 'manifest-syntax 2:9'],
  ['no services', 'services: {}', 'compose-no-services 1:11'],
  ['services are a list', 'services: [web]', 'manifest-wrong-type 1:11'],
  ['a service without a block', 'services:\n  web:', 'manifest-wrong-type 2:3'],
  ['a wrong type', webText(['ports: 80']), 'manifest-wrong-type 4:12'],
  ['a wrong type in a list', webText(['depends_on: [[db]]']), 'manifest-wrong-type 4:18'],
  ['a bad service name', 'services:\n  "a b": { image: x }', 'compose-bad-service-name 2:3'],
  ['what is not carried out', webText(['post_start: [{ command: up }]']), 'compose-field-idle 4:17'],
  ['a program of the host', webText(['provider: { type: x, size: 1 }']), 'compose-field-idle 4:15'],
  ['models', webText([], ['models: { m: { model: x, size: 1 } }']), 'compose-field-idle 4:9'],
  [
    'a field of a network that is not carried out',
    webText(['networks: { default: { gw_priority: 1 } }']),
    'compose-field-idle 4:41',
  ],
  [
    'a field in a list that is not carried out',
    webText(['volumes: [{ type: volume, target: /x, volume: { labels: { a: b } } }]']),
    'compose-field-idle 4:61',
  ],
  ['nothing to run', 'services:\n  web:\n    restart: always', 'compose-service-empty 3:5'],
  ['a merge tag', webText(['ports: !reset []']), 'manifest-unknown-tag 4:12'],
  ['a merge tag of a block', webText(['environment: !override { A: b }']), 'manifest-unknown-tag 4:18'],
  ['a field twice', webText(['image: x']), 'manifest-duplicate-key 4:5'],
  ['an unknown field', webText(['contaner_name: x']), 'compose-denied 4:5'],
  ['an unknown label', labelled(['prot: 80']), 'compose-unknown-label 5:7'],
  ['an unknown label of a list', webText(['labels: [a=b, playgrounds.x=1]']), 'compose-unknown-label 4:19'],
  ['a bad label', labelled(['port: http']), 'compose-bad-label 5:25'],
  ['build without repository', 'services:\n  web:\n    build: .', 'compose-repository-missing 3:12'],
  ['a mount without repository', labelled(['source_mount: /app']), 'compose-repository-missing 5:33'],
  ['a password', labelled(['repo_url: https://a:b@c.org/d']), 'compose-repository-password 5:29'],
  ['port 443', webText(['ports: ["443:443"]']), 'compose-ingress-port 4:13'],
  ['port 80 in a range', webText(['ports: ["127.0.0.1:79-81:79-81"]']), 'compose-ingress-port 4:13'],
  [
    'port 80 in the long form',
    webText(['ports: [{ target: 8080, published: 80 }]']),
    'compose-ingress-port 4:13',
  ],
  ['zero downtime without port', labelled(['zerodowntime: true']), 'compose-zero-downtime 5:33'],
  ['a health check without port', labelled(['healthcheck_path: /x']), 'compose-port-missing 5:37'],
])('%s is told at its place', (_, text, place) => {
  expect(placesOf(text)).toContain(place);
});

test('zero downtime excludes what can exist only once', () => {
  const zero = ['port: 80', 'zerodowntime: true'];
  const lines = ['container_name: x', 'ports: ["8080:80"]'];
  expect(placesOf(labelled(zero, lines)).map((place) => place.split(' ')[0])).toEqual(
    Array(2).fill('compose-zero-downtime'),
  );
  expect(placesOf(labelled([...zero, 'healthcheck_path: /health']))).toEqual([]);
});

test('services that another file brings are refused where it is named', () => {
  expect(placesOf(webText([], ['include: [more.yaml]']))).toEqual(['compose-include 4:10']);
  expect(placesOf(webText(['extends: { file: base.yaml, service: s }']), { origin })).toEqual([]);
});

test('two services may share a host, and not its paths', () => {
  const service = (name: string, more = '') =>
    `  ${name}: { image: x, labels: { playgrounds.port: 80, playgrounds.subdomain: app${more} } }`;
  const text = (more: string) => ['services:', service('a'), service('b', more), ''].join('\n');
  expect(placesOf(text(''))).toEqual(['compose-host-conflict 3:73']);
  expect(placesOf(text(', playgrounds.path_rule: /api'))).toEqual([]);
});

test.each(['none', 'service:db'])('a service with the network mode %s has no address', (mode) => {
  const text = labelled(['port: 80'], [`network_mode: ${mode}`]) + '  db: { image: x }\n';
  expect(placesOf(text)).toEqual(['compose-port-unreachable 6:19']);
  expect(placesOf(text.replace('playgrounds.port: 80', 'other: 80'))).toEqual([]);
});

test('a job has no routes, and something to wait for', () => {
  const job = 'x-playgrounds: { metadata: { job_mode: true } }\n';
  expect(placesOf(job + labelled(['port: 80']))).toEqual([
    'compose-job-unwatched 3:3',
    'compose-job-routed 6:7',
  ]);
  expect(placesOf(labelled(['port: 80']), { jobMode: true })).toHaveLength(2);
  const watched = labelled(['job_watch: true']);
  expect(parsedCompose(job + watched).plan).toMatchObject({ jobMode: true, services: [{ watched: true }] });
  expect(placesOf(watched, { jobMode: true })).toEqual([]);
});

test('labels that have no effect, and what is let through with a warning, are notes', () => {
  const { notes } = parsedCompose(
    labelled(['visibility: external'], ['container_name: x', 'environment: { A: "${A}", B: "${B:-b}" }']),
  );
  expect(notes.map(({ code, line }) => [code, line])).toEqual([
    ['compose-label-idle', 5],
    ['compose-warned', 6],
    ['compose-interpolation', 7],
  ]);
});

test('faults of all layers come at once, in the order of the text', () => {
  const text = `x-playgrounds:
  variables:
    UNUSED: { default: a }
    BAD: { validation: '/(/', path: services.web.image }
services:
  web:
    image: $$var__MISSING
    privileged: true
    ports: 80
    labels:
      playgrounds.prot: 80
      playgrounds.zerodowntime: true
volumes:
  data: { external: true }
`;
  expect(composeProblems(text).map((problem) => formatProblem(problem).split('. ')[0])).toEqual([
    'c.yaml:3:5 x-playgrounds.variables.UNUSED: The variable `UNUSED` is declared and used nowhere',
    'c.yaml:4:24 x-playgrounds.variables.BAD.validation: `/(/` is not a regular expression of the RE2 syntax',
    'c.yaml:7:12 services.web.image: The variable `MISSING` is used and not declared',
    'c.yaml:8:5 services.web.privileged: Service `web` asks for `privileged: true`, which makes the container root on the host',
    'c.yaml:9:12 services.web.ports: Expected a list, found `80`',
    'c.yaml:11:7 services.web.labels.playgrounds.prot: Service `web` has a label `playgrounds.prot`, which means nothing',
    'c.yaml:12:33 services.web.labels.playgrounds.zerodowntime: Service `web` cannot be replaced without downtime: it has no routed port',
    'c.yaml:14:11 volumes.data.external: Volume `data` asks for `external: true`, which holds the data of somebody else',
  ]);
});

test('anchors, merge keys and extensions are read as Compose reads them', () => {
  const text = `x-common: &common
  restart: always
  labels: { playgrounds.port: 80 }
services:
  a: { <<: *common, image: x, x-note: y }
  b: { <<: *common, image: x, secrets: [{ source: s, mode: 0440 }] }
secrets: { s: { environment: S } }
`;
  expect(parsedCompose(text).plan.services.map(({ exposure }) => exposure?.port)).toEqual([80, 80]);
});

test('keys that mean something to JavaScript do no harm', () => {
  for (const key of ['constructor', '__proto__', 'toString']) {
    expect(() =>
      placesOf(`services:\n  ${key}: { image: x, ${key}: 1, labels: { ${key}: x } }`),
    ).not.toThrow();
  }
});

test('a text full of faults is answered with the first hundred, before the test’s time is over', () => {
  const count = 3000;
  const items = (line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const texts = [
    `services:\n${items((index) => `  s${index}: x`)}`,
    `services:\n${items((index) => `  s${index}: { image: x, privileged: true }`)}`,
    `services:\n  web:\n    image: x\n    labels:\n${items((index) => `      playgrounds.l${index}: x`)}`,
    `services:\n  web:\n    image: x\n    environment:\n${items((index) => `      A${index}: $$var__V${index}`)}`,
    `services: { web: { image: x } }\nx-playgrounds:\n  variables:\n${items((index) => `    V${index}: {}`)}`,
  ];
  expect(texts.map((text) => composeProblems(text).length)).toEqual(Array(5).fill(100));
});

test('a plan is immutable', () => {
  expect(Object.isFrozen(parsedCompose(labelled(['port: 80'])).plan.services[0]?.exposure)).toBe(true);
});
