import { expect, test } from 'vitest';
import { codesOf, machineText, manifestText, parsed } from './testing/manifest-text.ts';

const base = parsed(`name: cluster
title: A small cluster
${manifestText(
  [
    machineText('cplane-01', ['kernel: "6.1"', 'resources: { cpuCount: 4, ramSize: 4G }']),
    machineText('node-01'),
  ],
  [
    'tabs: [{ machine: cplane-01 }, { machine: node-01 }]',
    'initTasks: { a: { run: x, machine: node-01 }, b: { run: y, needs: [a] } }',
  ],
)}`);
const flexbox = parsed(
  `name: flexbox\n${manifestText([machineText('vm')], ['networks: [{ name: lan, subnet: 10.0.0.0/24 }]']).replace('local', 'lan')}`,
);

test('what is not mentioned comes from the base', () => {
  const merged = parsed('kind: playground\ntitle: My own one\nplayground: { machines: [], tabs: null }', {
    base,
  });
  expect(merged).toEqual({ ...base, base: 'cluster', title: 'My own one' });
});

test('a list that is mentioned replaces that of the base', () => {
  const merged = parsed('kind: playground\nplayground: { tabs: [{ machine: node-01 }] }', { base });
  expect(merged.playground.tabs).toEqual([{ kind: 'terminal', machine: 'node-01' }]);
});

test('a machine inherits what it leaves out, and machines that are not mentioned go with their tabs and tasks', () => {
  const merged = parsed(manifestText([machineText('cplane-01', ['resources: { ramSize: 1G }'])]), { base });
  expect(merged.playground.machines).toMatchObject([
    { name: 'cplane-01', kernel: { source: '6.1' }, resources: { cpuCount: 4, ramSize: 2 ** 30 } },
  ]);
  expect(merged.playground.tabs).toEqual([{ kind: 'terminal', machine: 'cplane-01' }]);
  expect(Object.keys(merged.playground.initTasks ?? {})).toEqual(['b']);
  expect(merged.playground.initTasks?.['b']?.needs).toEqual([]);
});

test('only flexbox allows machines that it does not have', () => {
  const text = manifestText([machineText('mine')]);
  expect(codesOf(text, { base })).toEqual(['manifest-machine-not-in-base']);
  const merged = parsed(text.replace('local', 'lan'), { base: flexbox });
  expect(merged.playground.machines?.map(({ name }) => name)).toEqual(['mine']);
});

test('the merged manifest is what is checked, located in the partial one', () => {
  expect(codesOf(manifestText([machineText('mine')]), { base: flexbox })).toEqual([
    'manifest-unknown-network',
  ]);
});
