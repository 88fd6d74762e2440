import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { compileCompose } from './compile-compose.ts';
import { labelPrefix, labelTable } from './labels/label-table.ts';
import { extensionSchema } from './template/extension.ts';

const folder = new URL('../../../../examples/compose/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');

/** What their starts have to be given. */
const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'gateway.yaml': { GREETING_KEY: 'k' },
  'microservices.yaml': { DB_PASSWORD: 'p' },
  'reference.yaml': { OWNER: 'Ann' },
  'syntax.yaml': { TOKEN: 't' },
};

test.each(files)('%s can be started', (file) => {
  const result = compileCompose(read(file), {
    file,
    rootDomain: 'localhost',
    given: given[file] ?? {},
    kept: {},
    newHex: (digits) => 'a'.repeat(digits),
  });
  expect(result.problems).toBeUndefined();
  const codes = (result.problems === undefined ? result.notes : []).map(({ code }) => code);
  // What is shared in an empty folder is said to begin like that.
  const expected = ['compose-idle', 'compose-interpolation', 'compose-nothing-beside'];
  expect(codes.filter((code) => !expected.includes(code))).toEqual([]);
});

test('the reference has every label, every field of variables and of metadata', () => {
  const text = read('reference.yaml');
  for (const name of Object.keys(labelTable)) expect(text).toContain(`${labelPrefix}${name}: `);
  const { $defs = {} } = z.toJSONSchema(extensionSchema, { io: 'input' });
  const fields = Object.values($defs).flatMap(({ properties = {} }) => Object.keys(properties));
  expect(fields.length).toBeGreaterThan(20);
  for (const field of fields) expect(text).toMatch(new RegExp(`\\b${field}: ?`));
});
