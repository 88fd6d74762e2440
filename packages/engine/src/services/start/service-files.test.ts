import { expect, test } from 'vitest';
import { readCompose } from '@playhouse/contract/compose/read-compose';
import { locateIssue } from '@playhouse/contract/manifest/locate-issue';
import { placeServiceFiles } from './service-files.ts';

function read(text: string) {
  const result = readCompose(text, 'x.yaml');
  if (result.problems !== undefined) throw new Error(JSON.stringify(result.problems));
  return result;
}

/** What comes of a file; `repositories` have the files of each service. */
async function place(
  text: string,
  repositories: Readonly<Record<string, Readonly<Record<string, string>>>>,
  environment = {},
  {
    file = 'compose.yaml',
    beginsIn = (_service: string) => '',
    warn = (_line: string): void => {},
    looked = [] as string[],
  } = {},
) {
  const { text: located, value } = read(text);
  const { compiled, files } = await placeServiceFiles(value, {
    ...{ folder: '/pg/beside', policy: {}, environment, file, beginsIn, warn },
    running: new Set(['a', 'b', 'c']),
    locate: (issues) => issues.map((issue) => locateIssue(located, issue)),
    read: async (path, owner) => {
      looked.push(path);
      return repositories[owner]?.[path] ?? null;
    },
  });
  return { ...(compiled as { readonly services: object }), files };
}

const extending = 'services:\n  a: { extends: { file: base.yaml, service: s } }\n';
const based = (base: string, more = {}) => ({ a: { 'base.yaml': base, ...more } });

test('services of two repositories have environment files of their own, though they have one name', async () => {
  const text =
    'services: { a: { env_file: app.env }, b: { env_file: [{ path: ./app.env, required: false }] }, c: { env_file: [{ path: app.env, required: false }] } }';
  const { services, files } = await place(text, { a: { 'app.env': 'A=1' }, b: { 'app.env': 'B=2' } });
  expect(services).toEqual({
    a: { env_file: '/pg/beside/of-a/app.env' },
    b: { env_file: [{ path: '/pg/beside/of-b/app.env', required: false }] },
    c: { env_file: [{ path: '/pg/beside/of-c/app.env', required: false }] },
  });
  expect([...files]).toEqual([
    ['of-a/app.env', 'A=1'],
    ['of-b/app.env', 'B=2'],
  ]);
});

test('files that are missing are told at their places, all at once', async () => {
  const text = `services:
  a:
    env_file: [there.env, gone.env]
    label_file: labels
  b: { extends: { file: base.yaml, service: s } }
  idle: { env_file: gone.env, profiles: [debug] }
`;
  const repositories = {
    a: { 'there.env': 'A=1' },
    b: { 'base.yaml': 'services: { s: { env_file: own.env } }' },
  };
  await expect(place(text, repositories)).rejects.toThrow(
    /^The Compose file cannot be run: x\.yaml:3:27.*gone\.env.*\nx\.yaml:4:17.*labels.*\nbase\.yaml:1:28.*own\.env/,
  );
});

test('what an environment file asks for and nobody gives is said', async () => {
  const said: string[] = [];
  const files = { 'app.env': 'A=${UNSET}\nB=${GIVEN}\n' };
  await place(
    'services: { a: { env_file: app.env } }',
    { a: files },
    { GIVEN: 'x' },
    { warn: (line) => void said.push(line) },
  );
  expect(said).toEqual(['app.env:1: `UNSET` has neither a default nor a value, and becomes empty']);
});

test('a service of a committed file is extended, and what that names is the repository’s as well', async () => {
  const { services, files } = await place(extending.replace('base.yaml', './deploy/compose.yaml'), {
    a: {
      'deploy/compose.yaml':
        'services: { s: { extends: t, env_file: ../app.env }, t: { extends: { file: more/x.yaml, service: u } }, other: { privileged: true, env_file: /etc/shadow } }',
      'deploy/more/x.yaml': 'services: { u: { image: "box:1", volumes: ["./d:/d"] } }',
      'app.env': 'A=1',
    },
  });
  expect(services).toEqual({ a: { extends: { file: 'deploy/extended-0-compose.yaml', service: 's' } } });
  const written = Object.fromEntries(files);
  expect(read(written['deploy/extended-0-compose.yaml'] ?? '').value).toEqual({
    services: {
      t: { extends: { file: 'more/extended-1-x.yaml', service: 'u' } },
      s: { extends: 't', env_file: '/pg/beside/of-a/app.env' },
    },
  });
  expect(read(written['deploy/more/extended-1-x.yaml'] ?? '').value).toEqual({
    services: { u: { image: 'box:1', volumes: ['./d:/d'] } },
  });
  expect(written['of-a/app.env']).toBe('A=1');
});

test.each([
  ['env_file: /etc/shadow', 'env_file: /etc/shadow'],
  ['env_file: ["${X:-/etc/shadow}"]', 'env_file: '],
  ['env_file: [{ path: ../out.env }]', 'env_file: ../out.env'],
  ['label_file: /etc/shadow', 'label_file: /etc/shadow'],
  ['privileged: true', 'privileged: true'],
  ['volumes: ["/:/host"]', '/:/host'],
  ['image: "${X}"', '`X` has neither'],
  ['labels: { playgrounds.port: 80 }', 'playgrounds.port'],
  ['nonsense: 1', 'nonsense'],
])('a service that is extended is looked at as the file is: %s', async (line, said) => {
  const text = `services:\n  s:\n    ${line}\n`;
  await expect(place(extending, based(text))).rejects.toMatchObject({
    code: 'compose-refused',
    message: expect.stringMatching(/base\.yaml:3:\d+: /) as string,
  });
  await expect(place(extending, based(text))).rejects.toThrow(said);
});

test.each([
  ['x.yaml:2:', 'in no repository', {}],
  ['x.yaml:2:', 'no service `s`', based('services: { t: {} }')],
  ['base.yaml:1:', 'extends itself', based('services: { s: { extends: { file: base.yaml, service: s } } }')],
  ['base.yaml:1:', 'extends itself', based('services: { s: { extends: t }, t: { extends: s } }')],
  ['base.yaml:1:', 'no file beside', based('services: { s: { extends: { file: ../x.yaml, service: s } } }')],
  ['base.yaml:1:', 'no file beside', based('services: { s: { extends: { file: /x.yaml, service: s } } }')],
  [
    'base.yaml:1:',
    'no file beside',
    based('services: { s: { extends: { file: "github.com/a/b", service: s } } }', { 'github.com/a/b': '' }),
  ],
  ['base.yaml:1:', 'no file beside', based('services: { s: { extends: { file: "${X:-x}", service: s } } }')],
  ['base.yaml:1:', '', based('services: { s: [')],
])('what cannot be extended is told at its place: %s %s', async (at, why, repositories) => {
  await expect(place(extending, repositories)).rejects.toThrow(at);
  await expect(place(extending, repositories)).rejects.toThrow(why);
});

test('a chain of services has an end', async () => {
  const links = Array.from({ length: 40 }, (_, index) => `s${index}: { extends: s${index + 1} }`);
  const base = `services: { s: { extends: s0 }, ${links.join(', ')}, s40: {} }`;
  await expect(place(extending, based(base))).rejects.toThrow('more than 16');
});

test('of a file that asks for very much the first is said, once, and how much more there is', async () => {
  const said: string[] = [];
  const asked = Array.from({ length: 5000 }, (_, index) => `A${index}=\${U${index}}\n`).join('');
  const text = 'services: { a: { env_file: [app.env, app.env] } }';
  await place(text, { a: { 'app.env': asked } }, {}, { warn: (line) => void said.push(line) });
  expect(said).toHaveLength(21);
  expect(said.at(-1)).toBe('app.env: and 4980 more have neither a default nor a value, and become empty');
});

test('a file that is named thousands of times is looked at once', async () => {
  const entries = Array.from({ length: 5000 }, (_, index) => (index % 2 ? 'app.env' : './app.env'));
  const looked: string[] = [];
  const text = `services: { a: { env_file: [${entries.join(', ')}] } }`;
  await place(text, { a: { 'app.env': 'A=1' } }, {}, { looked });
  expect(looked).toEqual(['app.env']);
});

test('thousands of files are refused before all of them are looked at', async () => {
  const entries = Array.from({ length: 5000 }, (_, index) => `{ path: ${index}.env, required: false }`);
  const looked: string[] = [];
  const text = `services: { a: { env_file: [${entries.join(', ')}] } }`;
  await expect(place(text, {}, {}, { looked })).rejects.toThrow('more than 500 files');
  expect(looked).toHaveLength(500);
});
