// Manifests as people have them: those of the documents that describe the product (with what they abridge filled in, and with
// the indentation that they lost on their way), and one with every field of the reference.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { assignAddresses } from './assign-addresses.ts';
import { formatManifest } from './format-manifest.ts';
import { parseManifest } from './parse-manifest.ts';
import { resolveManifest } from './resolve-manifest.ts';
import { parsed } from './testing/manifest-text.ts';

// Not `.yaml`: a formatter would put right what is to be read as it is.
const folder = new URL('samples/', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const flexbox = parsed('kind: playground\nname: flexbox\nplayground: {}\n', { purpose: 'part' });

test.each(readdirSync(folder))('%s is accepted, resolved, and written out again', (file) => {
  const result = parseManifest(read(file), { file, base: flexbox });
  expect(result.problems).toBeUndefined();
  const manifest = parsed(read(file), { base: flexbox });
  const { machines } = resolveManifest(manifest);
  expect(machines.length).toBeGreaterThan(0);
  const plan = assignAddresses(manifest.playground);
  expect(plan.machines.map(({ name }) => name)).toEqual(machines.map(({ name }) => name));
  expect(parsed(formatManifest(manifest))).toEqual(manifest);
});

test('indentation that was lost is put right, with a note for each field', () => {
  const result = parseManifest(read('one-machine.yaml.txt'), { file: 'm.yaml', base: flexbox });
  expect(result.manifest?.playground.machines).toMatchObject([
    {
      name: 'vm-1',
      users: [{ name: 'root', default: true }],
      drives: [{ source: 'ubuntu-24-04', mount: '/' }],
      network: { interfaces: [{ network: 'local' }] },
      resources: { cpuCount: 2, ramSize: 4 * 2 ** 30 },
    },
  ]);
  const notes = result.notes ?? [];
  expect(notes.map(({ code, line, column, path }) => [code, line, column, path])).toEqual([
    ['manifest-field-moved', 7, 5, 'playground.machines[0].default'],
    ['manifest-field-moved', 12, 5, 'playground.machines[0].interfaces'],
    ['manifest-field-moved', 15, 5, 'playground.machines[0].cpuCount'],
    ['manifest-field-moved', 16, 5, 'playground.machines[0].ramSize'],
  ]);
  const custom = parseManifest(read('custom-playground.yaml.txt'), { file: 'm.yaml', base: flexbox });
  expect(custom.manifest?.playground.accessControl).toEqual({
    canList: ['owner'],
    canRead: ['owner'],
    canStart: ['owner'],
  });
});

const machine = (lines: string) => `kind: playground
playground:
  machines:
    - name: a
      users: [{ name: root }]
      drives: [{ source: x, mount: / }]
${lines}`;
const network = '      network: { interfaces: [{ network: local }] }\n';
const codes = (text: string) =>
  parseManifest(text, { file: 'm.yaml' }).problems?.map(({ code, path }) => `${code} ${path}`);

test('a field is moved only where it can be meant in one way', () => {
  // Another field stands between, so that it does not stand right below its block.
  expect(codes(machine(`      resources:\n${network}      cpuCount: 2\n`))).toEqual([
    'manifest-misplaced-field playground.machines[0].cpuCount',
  ]);
  // The block is not empty: what is in it was meant to be all of it.
  expect(codes(machine(`${network}      resources: { ramSize: 1G }\n      cpuCount: 2\n`))).toEqual([
    'manifest-misplaced-field playground.machines[0].cpuCount',
  ]);
  // The last item of the list has such a field already.
  expect(
    codes(machine(`${network}      startupFiles: [{ path: /a, content: b }]\n      content: c\n`)),
  ).toEqual(['manifest-misplaced-field playground.machines[0].content']);
  expect(codes(machine(`${network}      resources:\n      colour: 2\n`))).toEqual([
    'manifest-unknown-field playground.machines[0].colour',
  ]);
});

test('what was moved is checked like everything else', () => {
  expect(codes(machine(`${network}      resources:\n      cpuCount: many\n`))).toEqual([
    'manifest-wrong-type playground.machines[0].resources.cpuCount',
  ]);
});
