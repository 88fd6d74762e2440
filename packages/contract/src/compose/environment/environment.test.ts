import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSecretName, maskedValue, maskValue } from './mask-value.ts';
import { parseEnvironmentFile } from './parse-env-file.ts';
import { resolveVariables, type VariableLayers } from './resolve-variables.ts';
import { writeEnvironmentFile } from './write-env-file.ts';

const read = (text: string) => Object.fromEntries(parseEnvironmentFile(text, '.env.example').variables);

test('lines of an environment file', () => {
  const text = `\uFEFF# comment
A=1
export B = two words  # comment
C="a # b\\n\\"c\\""
D='raw \\n $X'
E=
F=a#b
G="first
second" # comment
H=$$secret(16)
I=#nothing
A=last\r
J.K-L=x
`;
  expect(read(text)).toEqual({
    A: 'last',
    B: 'two words',
    C: 'a # b\n"c"',
    D: 'raw \\n $X',
    E: '',
    F: 'a#b',
    G: 'first\nsecond',
    H: '$$secret(16)',
    I: '',
    'J.K-L': 'x',
  });
});

test('lines that are none are told with their number, and the others are read', () => {
  const { variables, problems } = parseEnvironmentFile('A=1\nnonsense\n1B=2\nC="open\nD=4', '.env.example');
  expect(problems.map(({ code, line }) => [code, line])).toEqual([
    ['compose-bad-environment-line', 2],
    ['compose-bad-environment-line', 3],
    ['compose-bad-environment-line', 4],
  ]);
  expect([...variables.keys()]).toEqual(['A', 'D']);
});

test('a value with a NUL, which Docker would refuse, is told where that is, and left out', () => {
  const text = 'A=1\nB=x\0y\nC="first\nsec\0ond"\nD=4 # \0\n# \0\nE=5\nB\0=2\n';
  const { variables, problems } = parseEnvironmentFile(text, '.env.example');
  expect(problems.map(({ line, column, message }) => [line, column, message.includes('NUL')])).toEqual([
    [2, 4, true],
    [4, 4, true],
    [8, 1, false],
  ]);
  expect([...variables.keys()]).toEqual(['A', 'D', 'E']);
});

test('a file that was made to be slow is not', () => {
  for (const unit of [' ', 'A="\n', "A='x' y\n", 'A=" \\" ', '#', 'A= #']) {
    const text = `A=${unit.repeat(400_000 / unit.length)}x\n`;
    expect(parseEnvironmentFile(text, 'x').variables.size).toBeLessThanOrEqual(1);
  }
});

test('any value comes back when it is quoted', () => {
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/);
  const value = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\r', ''));
  fc.assert(
    fc.property(fc.dictionary(name, value), (variables) => {
      const quoted = (text: string) =>
        `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
      const text = Object.entries(variables).map(([key, item]) => `${key}=${quoted(item)}`);
      expect(read(text.join('\n'))).toEqual({ ...variables });
    }),
  );
});

test('no text breaks the reader, and every line is read or told', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('A', '=', '"', "'", '\n', '#', ' ', '\\', '$') }),
      (text) => {
        const { variables, problems } = parseEnvironmentFile(text, 'x');
        const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
        expect(variables.size + problems.length).toBeLessThanOrEqual(lines.length);
        expect(lines.length === 0 || variables.size + problems.length > 0).toBe(true);
      },
    ),
  );
});

const layers: VariableLayers = { kept: {}, newHex: (digits) => 'a'.repeat(digits) };
const resolved = (more: Partial<VariableLayers>) =>
  Object.fromEntries(
    resolveVariables({ ...layers, ...more }).variables.map(({ name, value, source }) => [
      name,
      `${value} ${source}`,
    ]),
  );

test('later layers win, and each value says where it is from', () => {
  const names = 'A B C D E'.split(' ');
  const layer = (count: number, value: string) =>
    Object.fromEntries(names.slice(0, count).map((name) => [name, value]));
  expect(
    resolved({
      example: new Map(Object.entries(layer(5, 'example'))),
      compose: layer(4, 'file'),
      global: layer(3, 'all'),
      service: layer(2, 'own'),
      system: layer(1, 'platform'),
    }),
  ).toEqual({
    A: 'platform system',
    B: 'own service',
    C: 'all global',
    D: 'file compose',
    E: 'example example',
  });
});

test('a secret is made once, kept, and not made when another value is given', () => {
  const example = new Map([
    ['DB', 'postgres://u:$$secret(8)@db/$$secret(4)'],
    ['GIVEN', '$$secret(8)'],
  ]);
  const first = resolveVariables({ ...layers, example, global: { GIVEN: 'x' } });
  expect(first.generated).toEqual({ DB: 'postgres://u:aaaaaaaa@db/aaaa' });
  expect(first.variables.map(({ name, generated, secret }) => [name, generated, secret])).toEqual([
    ['DB', true, true],
    ['GIVEN', false, false],
  ]);
  const again = resolveVariables({ ...layers, example, kept: { DB: 'before' } });
  expect(again.generated['DB']).toBe('before');
});

test('only the file of the checkout asks for secrets; elsewhere that text is a value', () => {
  expect(resolved({ service: { A: '$$secret(8)' } })).toEqual({ A: '$$secret(8) service' });
});

test('values whose names say so are hidden, whatever their length', () => {
  const hidden = ['DB_PASSWORD', 'secretKeyBase', 'API_TOKEN', 'KEY', 'CREDENTIALS', 'PASSPHRASE', 'AUTH'];
  const more = [
    'DB_PWD',
    'MYSQLPWD',
    'APIKEY',
    'PRIVATE',
    'REDIS_AUTH',
    'smtpAuth',
    'DB_PASS',
    'dbPass',
    'JWT',
  ];
  for (const name of [...hidden, ...more]) expect([name, isSecretName(name)]).toEqual([name, true]);
  const shown = ['DATABASE_URL', 'PWD', 'OLDPWD', 'AUTHOR', 'POSTGRES_HOST_AUTH_METHOD', 'BYPASS', 'COMPASS'];
  for (const name of shown) expect([name, isSecretName(name)]).toEqual([name, false]);
  expect(['x', 'x'.repeat(50)].map((value) => maskValue({ value, secret: true }))).toEqual([
    maskedValue,
    maskedValue,
  ]);
  expect(maskValue({ value: 'x', secret: false })).toBe('x');
});

test('an env file for Docker Compose has its quotes, dollars and newlines escaped', () => {
  const text = writeEnvironmentFile({ A: 'plain', B: `it's "$5" \\ a\nb` });
  expect(text).toBe(String.raw`A="plain"
B="it's \"\$5\" \\ a\nb"
`);
});

test('comments before what ends a line for some are looked for once', () => {
  const before = performance.now();
  parseEnvironmentFile(`A=${' #'.repeat(100_000)}\u2028y`, 'x');
  expect(performance.now() - before).toBeLessThan(1000);
  expect(read('A=a # b\u2028c\nB=#c\nC=a#b\n')).toEqual({ A: 'a', B: '', C: 'a#b' });
});
