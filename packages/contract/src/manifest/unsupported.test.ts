import { expect, test } from 'vitest';
import { parseManifest } from './parse-manifest.ts';
import { findIgnored, findUnsupported } from './unsupported.ts';
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
  [manifestText([machineText('a')], ['initTasks: { t: { run: x } }']), 'playground.initTasks'],
  [
    manifestText([machineText('a')], ['initConditions: { values: [{ key: k }] }']),
    'playground.initConditions',
  ],
  [manifestText([machineText('a')], ['registryAuth: "a:b"']), 'playground.registryAuth'],
  [
    manifestText(
      [machineText('a')],
      ['networks: [{ name: local, subnet: 10.0.0.0/24 }, { name: b, subnet: 10.1.0.0/24 }]'],
    ),
    'playground.networks[1]',
  ],
  [
    manifestText([machineText('a')], ['networks: [{ name: local, subnet: 10.0.0.0/24, private: true }]']),
    'playground.networks[0].private',
  ],
  [manifestText([drives('[{ source: x, mount: / }, { size: 1G }]')]), 'playground.machines[0].drives[1]'],
  [
    manifestText([drives('[{ source: "oci://registry.example/a/b:c", mount: / }]')]),
    'playground.machines[0].drives[0].source',
  ],
  [
    manifestText([drives('[{ source: snapshot, mount: /, snapshot: { id: s } }]')]),
    'playground.machines[0].drives[0].snapshot',
  ],
])('%j is named as unsupported', (text, field) => {
  expect(fields(text)).toEqual([field]);
});

test('an unsupported field is located, and an ignored one only noted', () => {
  const text = manifestText([machineText('a', ['backend: firecracker'])], ['registryAuth: "a:b"']);
  const result = parseManifest(text, { file: 'm.yaml' });
  if (result.problems !== undefined) throw new Error('refused');
  expect(result.locate(findUnsupported(result.manifest))).toMatchObject([
    { code: 'manifest-unsupported', line: 3, column: 17 },
  ]);
  expect(findIgnored(result.manifest).map(({ parameters }) => parameters['field'])).toEqual([
    'playground.machines[0].backend',
  ]);
});
