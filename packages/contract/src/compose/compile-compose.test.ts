import { expect, test } from 'vitest';
import { compileCompose, type CompileComposeOptions } from './compile-compose.ts';

let count = 0;
const options: CompileComposeOptions = {
  file: 'c.yaml',
  rootDomain: 'play.example.org',
  given: {},
  kept: {},
  newHex: (digits) => String(++count % 10).repeat(digits),
};

function compile(text: string, more: Partial<CompileComposeOptions> = {}) {
  const result = compileCompose(text, { ...options, ...more });
  if (result.problems !== undefined) throw new Error(JSON.stringify(result.problems, null, 2));
  return result;
}

const codes = (text: string, more: Partial<CompileComposeOptions> = {}) =>
  (compileCompose(text, { ...options, ...more }).problems ?? []).map(({ code, line }) => `${code} ${line}`);

const text = `x-playgrounds:
  variables:
    TAG: { default: "1.27", validation: '/^[0-9.]+$/' }
    PORT: { default: 80 }
    PASSWORD: { random: true, secret: true }
    OWNER: { required: true, name: Who owns it }
    MODE: { default: dev, paths: [services.web.environment.MODE, services.web.command] }
services:
  web:
    image: nginx:$$var__TAG
    command: x
    labels: { playgrounds.port: $$var__PORT, note: "$$var__PORT" }
    environment:
      URL: https://web.$$root_domain/$$var__OWNER
      PASSWORD: $$var__PASSWORD
      LITERAL: $$HOME
`;

test('inline templates are filled in first, then places; our own block is gone', () => {
  const { compiled, values, generated, plan } = compile(text, { given: { OWNER: 'a$b', TAG: '1.28' } });
  const password = generated['PASSWORD'];
  expect(password).toMatch(/^(\d)\1{31}$/);
  expect(compiled).toEqual({
    services: {
      web: {
        image: 'nginx:1.28',
        command: 'dev',
        // A template alone and unquoted has the type of its value.
        labels: { 'playgrounds.port': 80, note: '80' },
        environment: {
          URL: 'https://web.play.example.org/a$$b',
          PASSWORD: password,
          LITERAL: '$$HOME',
          MODE: 'dev',
        },
      },
    },
  });
  expect(plan.services[0]?.exposure?.port).toBe(80);
  expect(values.map(({ name, source, secret }) => [name, source, secret])).toEqual([
    ['TAG', 'given', false],
    ['PORT', 'default', false],
    ['PASSWORD', 'random', true],
    ['OWNER', 'given', false],
    ['MODE', 'default', false],
  ]);
});

test('a random value is kept', () => {
  const kept = { PASSWORD: 'f'.repeat(32) };
  expect(compile(text, { given: { OWNER: 'x' }, kept }).generated).toEqual(kept);
});

test('what is missing, unknown, or of another form is refused at its declaration', () => {
  expect(codes(text, { given: { TAG: 'latest', OWNR: 'x' } })).toEqual([
    'compose-variable-unknown 3',
    'compose-variable-refused 3',
    'compose-variable-missing 6',
  ]);
  expect(codes(text, { given: { OWNER: '' } })).toEqual(['compose-variable-missing 6']);
});

test('labels are judged with their values', () => {
  expect(codes(text, { given: { OWNER: 'x', PORT: '70000' } })).toEqual(['compose-bad-label 12']);
});

test('a value cannot become more than a value', () => {
  const evil = 'x", privileged: true, y: "\n    privileged: true';
  const { compiled } = compile(text, { given: { OWNER: evil, MODE: evil } });
  expect(compiled).toMatchObject({ services: { web: { environment: { MODE: evil }, command: evil } } });
  expect(compiled).not.toMatchObject({ services: { web: { privileged: true } } });
});

test('a value cannot ask for what the policy denies', () => {
  const mount = `x-playgrounds: { variables: { DATA: { default: data } } }
services: { db: { image: x, volumes: ["$$var__DATA:/data"] } }
volumes: { data: }
`;
  expect(codes(mount)).toEqual([]);
  expect(codes(mount, { given: { DATA: '/etc' } })).toEqual(['compose-denied 2']);
  expect(codes(mount, { given: { DATA: '/etc', GONE: 'x' } })).toEqual(['compose-variable-unknown 1']);
});

test('the older `$$random__NAME` needs no declaration and is one value everywhere', () => {
  const older = `services:
  db: { image: x, environment: { A: "$$random__DB", B: "$$random__DB" } }
`;
  const { compiled, generated } = compile(older);
  const value = generated['DB'];
  expect(compiled).toMatchObject({ services: { db: { environment: { A: value, B: value } } } });
  const declared = `x-playgrounds: { variables: { DB: { default: x } } }\n${older}`;
  expect(codes(declared)).toEqual(['compose-variable-not-random 3', 'compose-variable-not-random 3']);
});

test('the last of two variables wins a place, and templates fill keys', () => {
  const twice = `x-playgrounds:
  variables:
    A: { default: one, path: services.web.image }
    B: { default: two, path: services.web.image }
services: { web: { image: y } }
`;
  expect(compile(twice).compiled).toEqual({ services: { web: { image: 'two' } } });
  const keyed = `x-playgrounds: { variables: { NAME: { default: api } } }
services: { $$var__NAME: { image: x } }
`;
  expect(compile(keyed).compiled).toEqual({ services: { api: { image: 'x' } } });
});

test('declarations that cannot be right are told without any values', () => {
  const wrong = `x-playgrounds:
  variables:
    A: { default: x, validation: '/^[0-9]$/', path: services.web.nope.deeper }
    1B: { default: x, path: services.web.image }
    C: { default: x, pfad: services.web.image }
  metadata: { title: ok, colour: red }
services: { web: { image: x } }
`;
  const { problems = [] } = compileCompose(wrong, options);
  expect(problems.map(({ code, line }) => [code, line])).toEqual([
    ['compose-bad-variable-name', 4],
    ['manifest-unknown-field', 5],
    ['manifest-unknown-field', 6],
  ]);
  const half = wrong.replace(/ {4}1B.*\n {4}C.*\n.*metadata.*\n/, '');
  expect(codes(half)).toEqual(['compose-variable-refused 3', 'compose-bad-node-path 3']);
});

test('a value that Docker Compose interpolates is given by its name, and one without a default is asked for', () => {
  const asking = 'services:\n  db:\n    image: db:${TAG:-1}\n    environment: { WORD: "${WORD}" }\n';
  expect(codes(asking)).toEqual(['compose-variable-missing 4']);
  expect(codes(asking, { given: { WORD: 'w', TYPO: 'x' } })).toEqual(['compose-variable-unknown 1']);
  const { environment, compiled } = compile(asking, { given: { WORD: 'a$b', TAG: '2' } });
  expect(environment).toEqual({ WORD: 'a$b', TAG: '2' });
  expect(compiled).toMatchObject({ services: { db: { environment: { WORD: '${WORD}' } } } });
});

test('labels that Docker Compose would interpolate say what a service is all the same', () => {
  const labels = '{ playgrounds.port: "${WEB_PORT:-80}", playgrounds.subdomain: "${NAME}" }';
  const compiled = (given: Record<string, string>) =>
    compile(`services: { web: { image: x, labels: ${labels} } }`, { given }).plan.services[0]?.exposure;
  expect(compiled({ NAME: 'shop' })).toMatchObject({ port: 80, subdomain: 'shop' });
  expect(compiled({ NAME: 'shop', WEB_PORT: '8080' })).toMatchObject({ port: 8080 });
  expect(codes(`services: { web: { image: x, labels: ${labels} } }`, { given: { NAME: 'no name' } })).toEqual(
    ['compose-bad-label 1'],
  );
});

test('the name that Docker has for a playground is nobody’s to give, and needs none', () => {
  const named = 'services: { web: { image: x, environment: { P: "${COMPOSE_PROJECT_NAME}-x" } } }';
  const { compiled, environment, interpolations } = compile(named);
  expect({ environment, interpolations }).toEqual({ environment: {}, interpolations: [] });
  expect(compiled).toMatchObject({ services: { web: { environment: { P: '${COMPOSE_PROJECT_NAME}-x' } } } });
  expect(codes(named, { given: { COMPOSE_PROJECT_NAME: 'pg-1-other' } })).toEqual([
    'compose-variable-unknown 1',
  ]);
});

test('what a file says of a value that has to be given is said where it is missing', () => {
  const asking = 'services:\n  web:\n    image: "x:${TAG:?which release}"\n';
  const [problem] = compileCompose(asking, options).problems ?? [];
  expect(problem).toMatchObject({
    code: 'compose-variable-missing',
    ...{ line: 3, column: 12 },
    message: 'The variable `TAG` (which release) needs a value.',
  });
  expect(codes(asking, { given: { TAG: '1' } })).toEqual([]);
});

test('values are held against what Compose takes once they are known', () => {
  const counted = `x-playgrounds: { variables: { N: { default: 2 } } }
services:
  web:
    image: x
    deploy: { replicas: $$var__N }
`;
  expect(codes(counted)).toEqual([]);
  expect(codes(counted, { given: { N: 'many' } })).toEqual(['manifest-bad-value 5']);
  expect(codes(counted, { given: { N: '100000' } })).toEqual(['compose-denied 5']);
  const placed = counted.replace('default: 2', 'path: services.web.restart').replace('$$var__N', '1');
  expect(codes(placed, { given: { N: 'sometimes' } })).toHaveLength(1);
});
