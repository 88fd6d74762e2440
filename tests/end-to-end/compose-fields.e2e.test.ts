// What the Docker Compose in use makes of every field that Compose files may have: what it does not carry out has to be refused at its
// place, and nothing else has.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { notCarriedOut } from '../../packages/contract/src/compose/check-carried-out.ts';
import { parseCompose } from '../../packages/contract/src/compose/parse-compose.ts';
import { formatPath } from '../../packages/contract/src/manifest/manifest-issue.ts';
import { dockerClientCache } from './support/locations.ts';
import { run } from './support/process.ts';
import { type SchemaField, schemaFields } from './support/schema-fields.ts';

/** Rendered, and not carried out all the same: hooks came with Docker Compose 2.30. */
const hooks = /^services\.\*\.(post_start|pre_stop)/;

/** Left out of what is rendered, or kept from Docker Compose, for a reason. */
const meant: Readonly<Record<string, string>> = {
  version: 'has no effect in any Docker Compose of today',
  name: 'a playground has a project name of its own',
  'include.[].env_file': 'is refused with `include`',
  'include.[].project_directory': 'is refused with `include`',
  'services.*.pull_refresh_after': 'is carried out by the engine',
  'services.*.env_file.[].required': 'is heeded while it is rendered',
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/compose-fields-`);
  await writeFile(`${folder}/env`, 'Q=1\n');
  await writeFile(`${folder}/labels`, 'q=1\n');
  await writeFile(`${folder}/content`, 'x');
  await writeFile(`${folder}/included.yaml`, 'services: { inc: { image: z } }\n');
  await writeFile(`${folder}/base.yaml`, 'services: { other: { image: z, labels: { of: base } } }\n');
});
afterAll(async () => await rm(folder, { recursive: true }));

const known = new Map<string, Promise<string | null>>();

/** Null: it refuses the document. Many fields stand in the same one. */
async function render(document: object): Promise<string | null> {
  const text = JSON.stringify(document);
  const rendered = known.get(text) ?? renderText(text);
  known.set(text, rendered);
  return await rendered;
}

async function renderText(text: string): Promise<string | null> {
  const file = `${folder}/${crypto.randomUUID()}.yaml`;
  await writeFile(file, text);
  const compose = `${dockerClientCache}/cli-plugins/docker-compose`;
  const words = [
    '--project-directory',
    folder,
    '--project-name',
    'fields',
    '-f',
    file,
    'config',
    '--format',
    'json',
  ];
  const { code, stdout } = await run([compose, ...words]);
  return code === 0 ? stdout : null;
}

/** The values of a field that Docker Compose refuses or that change nothing; null when there is one that it takes up. */
async function lostOf({ without, tries }: SchemaField): Promise<readonly object[] | null> {
  const before = await render(without);
  for (const document of tries) {
    const after = await render(document);
    if (after !== null && after !== before) return null;
  }
  return tries;
}

const origin = {
  repository: 'https://git.example.org/a/b.git',
  branch: null,
  commit: 'c',
  path: 'compose.yaml',
};
const idleOf = (document: object) =>
  (parseCompose(JSON.stringify(document), { file: 'compose.yaml', origin }).problems ?? [])
    .filter(({ code }) => code === 'compose-field-idle')
    .map(({ path }) => path);

test('what Docker Compose refuses to render, or leaves out, is refused at its place, and nothing that it takes up is', async () => {
  const fields = schemaFields();
  const queue = [...fields];
  const lost = new Map<string, SchemaField>();
  const ask = async () => {
    for (let field = queue.pop(); field !== undefined; field = queue.pop())
      if ((await lostOf(field)) !== null) lost.set(field.name, field);
  };
  await Promise.all([ask(), ask()]);
  // A block is taken up when something in it is.
  const taken = fields.filter(({ name }) => !lost.has(name)).map(({ name }) => `${name}.`);
  const left = [...lost.values()].filter(({ name }) => !taken.some((other) => other.startsWith(`${name}.`)));
  const untold = left.filter(
    ({ name, path, tries }) =>
      !Object.hasOwn(meant, name) &&
      !tries.some((document) =>
        idleOf(document).some((place) => `${formatPath(path)}.`.startsWith(`${place}.`)),
      ),
  );
  expect(untold.map(({ name }) => name)).toEqual([]);
  const gone = new Set(left.map(({ name }) => name));
  expect(Object.keys(notCarriedOut).filter((name) => !gone.has(name) && !hooks.test(name))).toEqual([]);
  expect(Object.keys(meant).filter((name) => !gone.has(name))).toEqual([]);
  expect(fields.length).toBeGreaterThan(300);
}, 600_000);

test('one letter before a colon is a drive to Docker Compose, which then mounts no volume of that name', async () => {
  const mounted = async (mount: unknown) => {
    const services = { s: { image: 'x', volumes: [mount] } };
    const rendered = await render({ services, volumes: { a: {}, ab: {}, 1: {} } });
    return (JSON.parse(rendered ?? '') as { services: { s: { volumes: unknown } } }).services.s.volumes;
  };
  expect(await mounted('a:/a')).toEqual([{ type: 'volume', target: 'a:/a', volume: {} }]);
  expect(await mounted('a:/a:ro')).toMatchObject([{ type: 'bind', source: 'a:/a', target: 'ro' }]);
  const long = { type: 'volume', source: 'a', target: '/a' };
  expect(await mounted(long)).toMatchObject([long]);
  expect(await mounted('ab:/a')).toMatchObject([{ type: 'volume', source: 'ab', target: '/a' }]);
  expect(await mounted('1:/a')).toMatchObject([{ type: 'volume', source: '1', target: '/a' }]);
});
