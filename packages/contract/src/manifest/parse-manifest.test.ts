import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { formatProblem } from '../errors/problem.ts';
import { manifestSchema } from './manifest.ts';
import { codesOf, machineText, manifestText, parsed, problemsOf } from './testing/manifest-text.ts';
import { findUnsupported } from './unsupported.ts';

const example = (name: string) =>
  readFileSync(new URL(`../../../../examples/${name}`, import.meta.url), 'utf8');

test('the examples parse', () => {
  expect(parsed(example('one-machine.yaml'), { purpose: 'publish' }).playground.machines).toHaveLength(1);
  expect(parsed(example('reference.yaml'), { purpose: 'publish' }).playground.machines).toHaveLength(2);
});

test.each([
  ['two-networks.yaml', 3],
  ['nat-gateway.yaml', 2],
])('the challenge %s can be started', (file, machines) => {
  const manifest = parsed(example(file), { purpose: 'publish' });
  expect(manifest.playground.machines).toHaveLength(machines);
  expect(findUnsupported(manifest)).toEqual([]);
});

test('the reference example shows every field that authors write', () => {
  const { $defs } = z.toJSONSchema(manifestSchema, { io: 'input' });
  const fields = Object.entries($defs ?? {}).flatMap(([noun, { properties }]) =>
    ['SnapshotReference', 'Access'].includes(noun) ? [] : Object.keys(properties ?? {}),
  );
  const platform = ['snapshot', 'status', 'access'];
  const text = example('reference.yaml').replace('timeout_seconds', 'timeoutSeconds');
  expect(fields.length).toBeGreaterThan(80);
  expect(fields.filter((field) => !platform.includes(field) && !text.includes(`${field}:`))).toEqual([]);
});

test('the canonical value is the same for every accepted form', () => {
  const forms = ['4G', '4Gi', '4GiB', '4GB', '"4 gib"', '4096M', '4294967296'];
  const sizes = forms.map((size) =>
    parsed(manifestText([machineText('a', [`resources: { ramSize: ${size} }`])])),
  );
  expect(new Set(sizes.map(({ playground }) => playground.machines?.[0]?.resources?.ramSize))).toEqual(
    new Set([2 ** 32]),
  );

  const kernels = ['6.1', '"6.1"', '{ source: "6.1" }', '{ source: 6.1 }'].map((kernel) => [
    `kernel: ${kernel}`,
  ]);
  for (const more of kernels) {
    expect(parsed(manifestText([machineText('a', more)])).playground.machines?.[0]?.kernel).toEqual({
      source: '6.1',
    });
  }
  for (const key of ['noSSH', 'noSsh']) {
    expect(parsed(manifestText([machineText('a', [`${key}: true`])])).playground.machines?.[0]?.noSSH).toBe(
      true,
    );
  }
  for (const key of ['timeout_seconds', 'timeoutSeconds']) {
    const text = manifestText([machineText('a')], [`initTasks: { t: { run: x, ${key}: 7 } }`]);
    expect(parsed(text).playground.initTasks?.['t']?.timeoutSeconds).toBe(7);
  }
  for (const mode of ['644', '"644"', '0644', '"0644"', '0o644']) {
    const file = `startupFiles: [{ path: /a, content: "", mode: ${mode}, owner: 0 }]`;
    const [written] =
      parsed(manifestText([machineText('a', [file])])).playground.machines?.[0]?.startupFiles ?? [];
    expect(written).toEqual({ path: '/a', content: '', append: false, mode: '644', owner: '0:0' });
  }
});

test('a kernel version keeps its trailing zero without quotes', () => {
  const { playground } = parsed(manifestText([machineText('a', ['kernel: 5.10'])]));
  expect(playground.machines?.[0]?.kernel).toEqual({ source: '5.10' });
});

test('keys of port forwards are accepted in any case', () => {
  const text = manifestText(
    [machineText('a')],
    ['portForwards: [{ kind: local, localhost: 127.0.0.1, REMOTEPORT: 80 }]'],
  );
  expect(parsed(text).playground.portForwards).toEqual([
    { kind: 'local', localHost: '127.0.0.1', remotePort: 80 },
  ]);
});

test('null and empty optional fields count as absent', () => {
  const text = manifestText(
    [machineText('a', ['kernel: null', 'startupFiles:'])],
    ['tabs: null', 'registryAuth: ""'],
  );
  expect(parsed(`cover: ""\n${text}`)).toEqual(parsed(manifestText([machineText('a')])));
});

test('the older access mode becomes access control', () => {
  const text = manifestText([machineText('a')], ['access: { mode: private }']);
  expect(parsed(text).playground.accessControl).toEqual({
    canList: ['owner'],
    canRead: ['owner'],
    canStart: ['owner'],
  });
});

test('a manifest is immutable', () => {
  const { playground } = parsed(manifestText([machineText('a')]));
  expect(Object.isFrozen(playground.machines?.[0]?.network.interfaces[0])).toBe(true);
});

test('all problems come at once, each at its place and in the order of the text', () => {
  const text = `kind: playground
titel: Hello
playground:
  machines:
    - name: vm-1
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: /, size: 4X }]
      network: { interfaces: [{ network: local }] }
      resources: { ramSize: 1M, cpuCount: two }
    - name: vm-1
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: [{ network: lokal }] }
`;
  expect(problemsOf(text).map((problem) => formatProblem(problem).split('. ')[0])).toEqual([
    'm.yaml:2:1 titel: There is no field `titel` here',
    'm.yaml:7:53 playground.machines[0].drives[0].size: `4X` is not a size',
    'm.yaml:9:29 playground.machines[0].resources.ramSize: `1M` is out of range: the size must be from 64MiB to 256GiB',
    'm.yaml:9:43 playground.machines[0].resources.cpuCount: Expected a whole number, found the text `two`',
    'm.yaml:10:13 playground.machines[1].name: Two machines are called `vm-1`',
    'm.yaml:13:42 playground.machines[1].network.interfaces[0].network: There is no network called `lokal`',
  ]);
  expect(problemsOf(text)[0]?.hint).toContain('Did you mean `title`?');
  expect(problemsOf(text)[5]?.hint).toContain('Did you mean `local`?');
});

test('a field that stands one level too far left, and not right below its block, is told where it belongs', () => {
  const text = manifestText([
    '\n    - name: a\n      network:\n      users: [{ name: root }]\n      drives: [{ source: x, mount: / }]\n      interfaces: [{ network: local }]',
  ]);
  expect(problemsOf(text)).toMatchObject([
    {
      code: 'manifest-misplaced-field',
      line: 8,
      column: 7,
      hint: expect.stringContaining('under `network:`'),
    },
  ]);
});

test.each([
  ['', ['manifest-empty']],
  ['# nothing', ['manifest-empty']],
  ['just text', ['manifest-wrong-type']],
  ['- a', ['manifest-wrong-type']],
  ['kind: playground', ['manifest-missing-field']],
  ['kind: playground\nplayground: {}', ['manifest-no-machines']],
  ['kind: playground\nkind: playground', ['manifest-duplicate-key']],
  ['kind: playground\n---\nkind: x', ['manifest-many-documents']],
  ['a: [1\nb: }', expect.arrayContaining(['manifest-syntax'])],
  ['a: *b', ['manifest-alias-unknown']],
  [manifestText([]).replace('machines:', 'machines: 5'), ['manifest-wrong-type']],
  [
    manifestText([machineText('a')], ['networks: [{ name: x, subnet: 10.0.0.1/8 }]']),
    expect.arrayContaining(['manifest-subnet-host-bits']),
  ],
  [manifestText([machineText('a')], ['initTasks: { "a b": { run: x } }']), ['manifest-bad-task-name']],
  [
    manifestText(
      [machineText('a')],
      [
        'access: { mode: public }',
        'accessControl: { canList: [owner], canRead: [owner], canStart: [owner] }',
      ],
    ),
    ['manifest-two-access-rules'],
  ],
])('%j is refused with its own code', (text, codes) => {
  expect(codesOf(text)).toEqual(codes);
});

test('every syntax error of a text is located', () => {
  const problems = problemsOf('kind: playground\na: "x" y\nb: "x" y\n');
  expect(problems.map(({ code, line }) => [code, line])).toEqual([
    ['manifest-syntax', 2],
    ['manifest-syntax', 3],
  ]);
});

test('a 5 MB manifest is refused at once', () => {
  const text = `kind: playground\nmarkdown: ${'x'.repeat(5_000_000)}`;
  expect(codesOf(text)).toEqual(['manifest-too-large']);
});

test('a bomb of aliases is refused', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
  );
  expect(codesOf(['l0: &l0 [x]', ...levels].join('\n'))).toEqual(['manifest-alias-bomb']);
});

test('anchors and merge keys work, and faults inside them are located', () => {
  const text = manifestText([
    '\n    - &a\n      name: a\n      users: [{ name: root }]\n      drives: [{ source: x, mount: / }]\n      network: { interfaces: [{ network: nope }] }',
    '\n    - <<: *a\n      name: b',
  ]);
  const [problem] = problemsOf(text);
  expect(problem).toMatchObject({ code: 'manifest-unknown-network', line: 8 });
  expect(parsed(text.replace('nope', 'local')).playground.machines?.map(({ name }) => name)).toEqual([
    'a',
    'b',
  ]);
});

test('deep nesting ends in problems, not in a crash', () => {
  for (const unit of ['[', '{a: ', '[a,']) expect(problemsOf(unit.repeat(5_000)).length).toBeGreaterThan(0);
  expect(problemsOf(`${'['.repeat(5_000)}${']'.repeat(5_000)}`).length).toBeGreaterThan(0);
});

test('keys that mean something to JavaScript do no harm', () => {
  expect(codesOf(`${manifestText([machineText('a')])}constructor: 1\n`)).toEqual(['manifest-unknown-field']);
  parsedOrRefused(`${manifestText([machineText('a')])}__proto__: { kind: x }\n`);
  expect(
    codesOf(manifestText([machineText('a')], ['initTasks: { toString: { run: x, needs: [constructor] } }'])),
  ).toEqual(['manifest-unknown-task']);
});

function parsedOrRefused(text: string): void {
  expect(() => codesOf(text)).not.toThrow();
}

test('a text full of faults is answered with the first hundred, before the test’s time is over', () => {
  const count = 8000;
  const items = (line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  const texts = [
    `kind: playground\nplayground:\n  machines:\n${items(() => '  - x')}`,
    `kind: playground\nplayground:\n  initTasks:\n${items((index) => `    t${index}: { run: x, needs: [t${index + 1}] }`)}`,
    items((index) => `key${index}: 1`),
    items(() => 'a: b: c'),
  ];
  expect(texts.map((text) => problemsOf(text).length)).toEqual([100, 1, 100, 100]);
});
