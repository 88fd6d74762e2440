import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRecord } from '../../manifest/noun.ts';
import { readCompose } from '../read-compose.ts';
import { composeProblems, parsedCompose, placesOf, webText } from '../testing/compose-text.ts';
import spec from './compose-spec.json' with { type: 'json' };
import { refineSchema } from './refine-schema.ts';
import { validateCompose } from './validate-compose.ts';

test.each([
  ['restart: sometimes', 'manifest-bad-value 4:14'],
  ['restart: on-failure:often', 'manifest-bad-value 4:14'],
  ['restart: false', 'manifest-wrong-type 4:14'],
  ['mem_limit: lots', 'manifest-bad-value 4:16'],
  ['shm_size: 10x', 'manifest-bad-value 4:15'],
  ['stop_grace_period: 1d', 'manifest-bad-value 4:24'],
  ['healthcheck: { tset: x }', 'compose-denied 4:20'],
  ['healthcheck: { test: [curl, x] }', 'manifest-bad-value 4:27'],
  ['healthcheck: { test: x, interval: 10 }', 'manifest-wrong-type 4:39'],
  ['healthcheck: { test: x, retries: -1 }', 'manifest-bad-number 4:38'],
  ['healthcheck: { test: x, retries: "-1" }', 'manifest-bad-value 4:38'],
  ['command: echo "a', 'manifest-bad-value 4:14'],
  ["entrypoint: it's", 'manifest-bad-value 4:17'],
  ['ports: [abc]', 'manifest-bad-value 4:13'],
  ['ports: ["8000-8002:80-81"]', 'manifest-bad-value 4:13'],
  ['ports: [{ published: 8080 }]', 'manifest-missing-field 4:13'],
  ['expose: [abc]', 'manifest-bad-value 4:14'],
  ['depends_on: { web: { condition: service_nice } }', 'manifest-bad-value 4:37'],
  ['depends_on: { web: }', 'manifest-wrong-type 4:19'],
  ['deploy: { replicas: -1 }', 'manifest-bad-number 4:25'],
  ['deploy: { replicas: many }', 'manifest-bad-value 4:25'],
  ['deploy: { resources: { limits: { memory: all } } }', 'manifest-bad-value 4:46'],
  ['cpus: lots', 'manifest-bad-value 4:11'],
  ['oom_score_adj: 2000', 'manifest-bad-number 4:20'],
  ['tty: maybe', 'manifest-bad-value 4:10'],
  ['user: 1000', 'manifest-wrong-type 4:11'],
  ['environment: { A: [1] }', 'manifest-wrong-type 4:23'],
  ['environment: [[1]]', 'manifest-wrong-type 4:19'],
  ['entrypoint: { a: b }', 'manifest-wrong-type 4:17'],
  ['labels:', 'manifest-wrong-type 4:5'],
  ['ulimits: { nofile: x }', 'manifest-bad-value 4:24'],
  ['ulimits: { nofile: { soft: 1 } }', 'manifest-missing-field 4:24'],
  ['extra_hosts: [abc]', 'manifest-bad-value 4:19'],
  ['pull_policy: sometimes', 'manifest-bad-value 4:18'],
  ['volumes: [{ type: tmpfs, target: /x, tmpf: {} }]', 'compose-denied 4:42'],
  ['volumes: ["a:/a"]', 'manifest-bad-value 4:15'],
  ['volumes: ["C:/x:/y"]', 'manifest-bad-value 4:15'],
  ['command: "${A-x"', 'compose-bad-interpolation 4:14'],
  ['command: "${A:-${B-}"', 'compose-bad-interpolation 4:14'],
  ['command: "${1A}"', 'compose-bad-interpolation 4:14'],
  ['links: [other]', 'compose-reference-unknown 4:13'],
  ['network_mode: service:other', 'compose-reference-unknown 4:19'],
])('`%s` is one fault, at its place', (line, place) => {
  expect(placesOf(webText([line])).filter((each) => !each.startsWith('compose-circle'))).toEqual([place]);
});

test.each([
  'restart: on-failure:3',
  'mem_limit: 1.5g',
  'memswap_limit: -1',
  'mem_limit: 1 GiB',
  'stop_grace_period: 1m30s',
  'cpus: 0.5',
  'pids_limit: "100"',
  'ports: ["127.0.0.1::80", "8000-8002:80", "[::1]:8080:81/udp", 82]',
  'cap_drop: [ALL, ALL]',
  'ulimits: { nofile: { soft: 1, hard: 2 }, nproc: 3 }',
  'command: "echo $1 ${A:-{}} $$x ${B-${C:-}} 5$"',
  'extra_hosts: ["a:1.2.3.4", "b=::1"]',
  'deploy:',
  'healthcheck: { test: [CMD, x], interval: 1.5s, retries: "3", x-note: y }',
  'networks: { default: { aliases: [a] } }',
  'healthcheck: { disable: true }',
])('`%s` is as Docker Compose has it', (line) => {
  expect(placesOf(webText([line]))).toEqual([]);
});

test.each(['nginx latest', 'UPPER:tag', 'nginx:1:2', 'https://docker.io/nginx'])(
  '`%s` is no image',
  (image) => {
    const [problem, ...others] = composeProblems(`services: { web: { image: "${image}" } }`);
    expect(problem).toMatchObject({ code: 'manifest-bad-value', line: 1, column: 27 });
    expect(problem?.hint).toMatch(/^Write `NAME:TAG` or/);
    expect(others).toEqual([]);
  },
);

test.each(['r.example:5000/a/b:1', '$$var__IMAGE:1', '${IMAGE}', 'nginx:${TAG:-1}', 'a$$b'])(
  '`%s` may be an image',
  (image) => {
    const faults = placesOf(`services: { web: { image: "${image}" } }`);
    expect(faults.filter((place) => place.startsWith('manifest-'))).toEqual([]);
  },
);

test('what is yet to be filled in has no form that could be wrong', () => {
  const text = webText([
    'restart: ${RESTART}',
    'mem_limit: $$var__SIZE',
    'ports: ["${PORT:-8080}:80", $$var__PORT]',
    'depends_on: { web: { condition: "${C}", required: $$var__R } }',
    'healthcheck: { test: ["${T}"] }',
    'deploy: { replicas: "${N}" }',
  ]);
  expect(validateCompose((readCompose(text, 'c') as { value: unknown }).value)).toEqual({
    issues: [],
    unknown: [],
  });
});

test('an error says what there is and how to mend it', () => {
  const [problem] = composeProblems(webText(['deploy: { update_config: { order: stop-frist } }']));
  expect(problem).toMatchObject({
    message: '`stop-frist` is not one of the values allowed here.',
    hint: 'Did you mean `stop-first`? Use one of: start-first, stop-first.',
  });
  expect(composeProblems(webText(['healthcheck: { tset: x }']))[0]?.hint).toContain('`test`');
  expect(composeProblems(webText(['build: 5']))[0]).toMatchObject({
    message: 'Expected text or a block of fields, found `5`.',
  });
});

test('unknown fields are let through where the policy does, at every depth', () => {
  const text = webText(['healthcheck: { test: x, tset: y }', 'contaner_name: x']);
  expect(placesOf(text)).toEqual(['compose-denied 4:29', 'compose-denied 5:5']);
  expect(parsedCompose(text, { policy: { 'unknown-field': 'allow' } }).plan.services).toHaveLength(1);
});

test('merge keys and aliases are judged where they were written', () => {
  const text = `x-base: &base
  restart: sometimes
services:
  a: { <<: *base, image: x }
`;
  expect(placesOf(text).map((place) => place.split(' ')[0])).toEqual(['manifest-bad-value']);
});

test('the fields that the policy has been made for', () => {
  const { properties, $defs } = spec;
  expect(Object.keys(properties)).toEqual(
    'version name include services models networks volumes secrets configs'.split(' '),
  );
  const service = Object.keys($defs.service.properties);
  expect(service).toHaveLength(92);
  expect(Object.keys($defs.service.properties.build.oneOf[1]?.properties ?? {})).toHaveLength(25);
});

test('nothing takes time that grows with the square of a hostile file', () => {
  // See refineSchema: a validator joins errors of what is referred to, and compares each entry with each other.
  const refined = JSON.stringify(refineSchema(spec));
  expect(refined).not.toMatch(/"(\$ref|uniqueItems)":/);
  expect(placesOf(webText([`ports: ["${'1:'.repeat(300_000)}x"]`]))).toEqual(['manifest-bad-value 4:13']);
});

test('a file is validated once, however many ask', () => {
  const { value } = readCompose(webText(['user: 5']), 'c') as { value: unknown };
  expect(validateCompose(value)).toBe(validateCompose(value));
});

const examples = new URL('../../../../../examples/compose/', import.meta.url);
const values = readdirSync(examples)
  .filter((file) => file.endsWith('.yaml'))
  .map(
    (file) => (readCompose(readFileSync(new URL(file, examples), 'utf8'), file) as { value: unknown }).value,
  );

/** The value with one of its leaves, or blocks, replaced. */
function replaceOne(value: unknown, at: number, by: unknown): unknown {
  let left = at;
  const walk = (part: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(part)) return part.map(walk);
    if (!isRecord(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, walk(item)]));
  };
  return walk(value);
}

test('whatever stands in whatever place, it is judged once there, or passed over while it is not known', () => {
  fc.assert(
    fc.property(fc.constantFrom(...values), fc.nat(150), fc.jsonValue(), (value, at, by) => {
      const { issues } = validateCompose(replaceOne(value, at, by));
      const places = issues.map(({ code, path }) => JSON.stringify([code, path]));
      expect(new Set(places).size).toBe(places.length);
      expect(validateCompose(replaceOne(value, at + 1, '${X}'))).toEqual({ issues: [], unknown: [] });
    }),
    { numRuns: 300 },
  );
});

test('a volume with a name of one letter is mounted by the long form', () => {
  const mounts = ['volumes: [{ type: volume, source: a, target: /a }, "1:/b", "./a:/c", "${V}:/d", /e]'];
  const named = webText(mounts, ['volumes: { a: {}, "1": {} }']);
  expect(parsedCompose(named).plan.services).toHaveLength(1);
});
