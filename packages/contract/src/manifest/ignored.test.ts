import { expect, test } from 'vitest';
import { findIgnored } from './ignored.ts';
import { parseManifest } from './parse-manifest.ts';
import { machineText, manifestText, parsed } from './testing/manifest-text.ts';

const fieldsOf = (text: string) => findIgnored(parsed(text)).map(({ parameters }) => parameters['field']);
const withLines = (...more: string[]) => manifestText([machineText('a')], more);
const withDrive = (drive: string) =>
  manifestText([machineText('a').replace('[{ source: debian-12, mount: / }]', `[${drive}]`)]);
const rule = (who: string) => `accessControl: { canList: [owner], canRead: [owner], canStart: [${who}] }`;

test.each([
  [withLines('tabs: [{ kind: terminal }]'), 'playground.tabs'],
  [withLines('portForwards: [{ kind: local, remotePort: 80 }]'), 'playground.portForwards'],
  [withLines(rule('anyone')), 'playground.accessControl'],
  [withLines(rule('authenticated')), 'playground.accessControl'],
  [withLines(rule('"github:octocat"')), 'playground.accessControl'],
  [withLines(rule('nobody')), 'playground.accessControl'],
  [withLines('access: { mode: public }'), 'playground.accessControl'],
  [manifestText([machineText('a', ['backend: firecracker'])]), 'playground.machines[0].backend'],
  [withDrive('{ source: x, mount: /, persistent: false }'), 'playground.machines[0].drives[0].persistent'],
  [withLines('egress: [example.com, 192.0.2.7, 10.1.0.0/16]'), 'playground.egress[2]'],
  [withLines('egress: [169.254.169.254]'), 'playground.egress[0]'],
])('%j has a field without effect', (text, field) => {
  expect(fieldsOf(text)).toEqual([field]);
});

test('who may use a playspec is enforced; only identities of other platforms give a note', () => {
  const list = '[anyone, authenticated, nobody, owner, "user:ann", "github:ann", instructor, "student:x"]';
  const text = withLines(`accessControl: { canList: [owner], canRead: ['has-pack:x'], canStart: ${list} }`);
  expect(findIgnored(parsed(text), 'publish').map(({ parameters }) => parameters['field'])).toEqual([
    'playground.accessControl.canRead[0]',
    'playground.accessControl.canStart[5]',
    'playground.accessControl.canStart[6]',
    'playground.accessControl.canStart[7]',
  ]);
});

test('words for people, empty lists and what is so anyway give no note', () => {
  const top =
    'title: A title\ndescription: x\ncategories: [linux]\nmarkdown: x\ncover: https://example.com/a.png\n';
  const machine = machineText('a').replace('{ name: root }', '{ name: root, welcome: Hello }');
  expect(fieldsOf(top + manifestText([machine], ['tabs: []', 'portForwards: []', rule('owner')]))).toEqual(
    [],
  );
  expect(fieldsOf(withLines('access: { mode: private }'))).toEqual([]);
  expect(fieldsOf(withLines('egress: [0.0.0.0/0]'))).toEqual([]);
});

test('a note has its place, also where the older form `access` was written', () => {
  const text = withLines('access: { mode: public }', 'tabs: [{ kind: terminal }]');
  const result = parseManifest(text, { file: 'm.yaml' });
  if (result.problems !== undefined) throw new Error('refused');
  expect(result.locate(findIgnored(result.manifest))).toMatchObject([
    { code: 'manifest-ignored', path: 'playground.accessControl', line: 3, column: 11 },
    { code: 'manifest-ignored', path: 'playground.tabs', line: 4, column: 9 },
  ]);
});
