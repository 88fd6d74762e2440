import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findIgnored } from './ignored.ts';
import { parseManifest } from './parse-manifest.ts';
import { findUnsupported } from './unsupported.ts';
import { machineText, manifestText, parsed } from './testing/manifest-text.ts';

const fields = (text: string) => findUnsupported(parsed(text)).map(({ parameters }) => parameters['field']);
const drives = (list: string) => machineText('a').replace('[{ source: debian-12, mount: / }]', list);

test('several machines with everything this version has can be run', () => {
  const more = [
    'kernel: "6.1"',
    'startupFiles: [{ path: /x, content: y }]',
    'resources: { cpuCount: 1 }',
    'noSSH: true',
  ];
  const text = manifestText(
    [machineText('a', more), machineText('b')],
    ['tabs: [{ kind: terminal }]', 'access: { mode: public }'],
  );
  expect(fields(text)).toEqual([]);
});

test.each([
  [manifestText([machineText('a')], ['registryAuth: "a:b"']), 'playground.registryAuth'],
  [
    manifestText([drives('[{ source: x, mount: / }, { source: x, filesystem: btrfs, mount: /b }]')]),
    'playground.machines[0].drives[1].filesystem',
  ],
  [
    manifestText([drives('[{ source: snapshot, mount: /, snapshot: { id: s } }]')]),
    'playground.machines[0].drives[0].snapshot',
  ],
  [
    manifestText([drives('[{ source: x, mount: /, filesystem: xfs }]')]),
    'playground.machines[0].drives[0].filesystem',
  ],
])('%j is named as unsupported', (text, field) => {
  expect(fields(text)).toEqual([field]);
});

test('drives of every kind can be made', () => {
  const kinds =
    '{ size: 1G }, { mount: /d }, { mount: /x, filesystem: xfs, readOnly: true }, { source: x, mount: /s }';
  expect(fields(manifestText([drives(`[{ source: x, mount: / }, ${kinds}]`)]))).toEqual([]);
});

test('a root drive may say that it is ext4, because it is', () => {
  expect(fields(manifestText([drives('[{ source: x, mount: /, filesystem: ext4 }]')]))).toEqual([]);
});

test('an unsupported field is located', () => {
  const text = manifestText([machineText('a')], ['registryAuth: "a:b"']);
  const result = parseManifest(text, { file: 'm.yaml' });
  if (result.problems !== undefined) throw new Error('refused');
  expect(result.locate(findUnsupported(result.manifest))).toMatchObject([
    { code: 'manifest-unsupported', line: 3, column: 17 },
  ]);
});

test('the reference example is refused for what its header says, and so noted', () => {
  const text = readFileSync(new URL('../../../../examples/reference.yaml', import.meta.url), 'utf8');
  expect(fields(text)).toEqual(['playground.registryAuth']);
  expect(findIgnored(parsed(text)).map(({ parameters }) => parameters['field'])).toEqual([
    'playground.tabs',
    'playground.portForwards',
    'playground.accessControl',
    'playground.machines[0].backend',
  ]);
});
