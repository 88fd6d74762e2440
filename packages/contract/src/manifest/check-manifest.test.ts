import { expect, test } from 'vitest';
import { codesOf, machineText, manifestText } from './testing/manifest-text.ts';

const on = (interfaces: string) => machineText('a', [], interfaces);
const net = ['networks: [{ name: n, subnet: 10.0.0.0/24, gateway: 10.0.0.1 }]'];
const drives = (list: string) => machineText('a').replace('[{ source: debian-12, mount: / }]', list);
const tasks = (text: string) => manifestText([machineText('a')], [`initTasks: { ${text} }`]);
const root = '{ source: x, mount: / }';

test.each([
  [
    'two machines of one name',
    manifestText([machineText('a'), machineText('a')]),
    'manifest-duplicate-machine',
  ],
  [
    'six machines',
    manifestText(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => machineText(name))),
    'manifest-too-many-machines',
  ],
  ['an unknown network', manifestText([on('[{ network: other }]')]), 'manifest-unknown-network'],
  ['a first interface without network', manifestText([on('[{}]')]), 'manifest-interface-without-network'],
  [
    'an address outside',
    manifestText([on('[{ network: n, address: 10.0.1.5 }]')], net),
    'manifest-address-outside-subnet',
  ],
  [
    'the network address',
    manifestText([on('[{ network: n, address: 10.0.0.0 }]')], net),
    'manifest-address-reserved',
  ],
  [
    'the broadcast address',
    manifestText([on('[{ network: n, address: 10.0.0.255 }]')], net),
    'manifest-address-reserved',
  ],
  [
    'the gateway address',
    manifestText([on('[{ network: n, address: 10.0.0.1 }]')], net),
    'manifest-address-reserved',
  ],
  [
    'a wrong mask',
    manifestText([on('[{ network: n, address: 10.0.0.5/16 }]')], net),
    'manifest-address-mask',
  ],
  [
    'an address used twice',
    manifestText([on('[{ network: n, address: 10.0.0.5 }, { network: n, address: 10.0.0.5/24 }]')], net),
    'manifest-address-taken',
  ],
  [
    'a gateway outside',
    manifestText(
      [on('[{ network: n }]')],
      ['networks: [{ name: n, subnet: 10.0.0.0/24, gateway: 10.0.0.255 }]'],
    ),
    'manifest-gateway-outside-subnet',
  ],
  [
    'a full subnet',
    manifestText(
      ['a', 'b', 'c', 'd', 'e'].map((name) => machineText(name, [], '[{ network: n }, {}]')),
      ['networks: [{ name: n, subnet: 10.0.0.0/29 }]'],
    ),
    'manifest-subnet-full',
  ],
  [
    'a clash of subnets',
    manifestText(
      [on('[{ network: n }]')],
      ['networks: [{ name: n, subnet: 10.0.0.0/16 }, { name: m, subnet: 10.0.9.0/24 }]'],
    ),
    'manifest-subnet-clash',
  ],
  [
    'a reserved subnet',
    manifestText([on('[{ network: n }]')], ['networks: [{ name: n, subnet: 100.64.0.0/16 }]']),
    'manifest-subnet-reserved',
  ],
  [
    'two networks of one name',
    manifestText(
      [on('[{ network: n }]')],
      ['networks: [{ name: n, subnet: 10.0.0.0/16 }, { name: n, subnet: 10.1.0.0/24 }]'],
    ),
    'manifest-duplicate-network',
  ],
  ['no root drive', manifestText([drives('[{ source: x, mount: /data }]')]), 'manifest-no-root-drive'],
  ['two root drives', manifestText([drives(`[${root}, ${root}]`)]), 'manifest-two-root-drives'],
  ['a root drive without source', manifestText([drives('[{ mount: / }]')]), 'manifest-root-drive-source'],
  [
    'a read-only root drive',
    manifestText([drives('[{ source: x, mount: /, readOnly: true }]')]),
    'manifest-root-drive-read-only',
  ],
  [
    'one mount point twice',
    manifestText([drives(`[${root}, { mount: /d }, { mount: /d/ }]`)]),
    'manifest-duplicate-mount',
  ],
  [
    'more drives than a machine can have',
    manifestText([drives(`[${root}${', { size: 1G }'.repeat(24)}]`)]),
    'manifest-too-many-drives',
  ],
  [
    'a drive where the kernel has its own',
    manifestText([drives(`[${root}, { mount: /run/cache }]`)]),
    'manifest-hidden-mount',
  ],
  [
    'too much drive',
    manifestText([drives(`[${root}, { size: 100G }, { size: 100G }, { size: 41G }]`)]),
    'manifest-drives-too-large',
  ],
  [
    'half a snapshot',
    manifestText([drives(`[${root}, { source: snapshot, mount: /s }]`)]),
    'manifest-snapshot-drive',
  ],
  [
    'a user twice',
    manifestText([machineText('a').replace('[{ name: root }]', '[{ name: u }, { name: u }]')]),
    'manifest-duplicate-user',
  ],
  [
    'two default users',
    manifestText([
      machineText('a').replace(
        '[{ name: root }]',
        '[{ name: u, default: true }, { name: v, default: true }]',
      ),
    ]),
    'manifest-two-default-users',
  ],
  [
    'a file twice',
    manifestText([machineText('a', ['startupFiles: [{ path: /x, content: a }, { path: /x, content: b }]'])]),
    'manifest-duplicate-file',
  ],
  [
    'a tab id twice',
    manifestText([machineText('a')], ['tabs: [{ id: t }, { id: t }]']),
    'manifest-duplicate-tab',
  ],
  [
    'a tab on an unknown machine',
    manifestText([machineText('a')], ['tabs: [{ machine: b }]']),
    'manifest-unknown-machine',
  ],
  [
    'a port tab without port',
    manifestText([machineText('a')], ['tabs: [{ kind: http-port, name: x }]']),
    'manifest-tab-incomplete',
  ],
  [
    'a forward without port',
    manifestText([machineText('a')], ['portForwards: [{ kind: remote, remotePort: 1 }]']),
    'manifest-forward-incomplete',
  ],
  ['a task on an unknown machine', tasks('t: { run: x, machine: b }'), 'manifest-unknown-machine'],
  ['an unknown need', tasks('t: { run: x, needs: [u] }'), 'manifest-unknown-task'],
  [
    'a cycle',
    tasks('t: { run: x, needs: [u] }, u: { run: x, needs: [v] }, v: { run: x, needs: [u] }'),
    'manifest-task-cycle',
  ],
  [
    'a cycle by way of the init tasks that a regular one waits for unasked',
    tasks('i: { run: x, init: true, needs: [r] }, r: { run: x }'),
    'manifest-task-cycle',
  ],
  ['a variable without a name', tasks('t: { run: x, env: ["1A=b"] }'), 'manifest-bad-variable'],
  [
    'a condition that no option fulfils',
    manifestText(
      [machineText('a')],
      [
        'initConditions: { values: [{ key: k, options: [x] }] }',
        'initTasks: { t: { run: x, conditions: [{ key: k, value: y }] } }',
      ],
    ),
    'manifest-condition-value',
  ],
  [
    'a default that its pattern forbids',
    manifestText(
      [machineText('a')],
      ['initConditions: { values: [{ key: k, default: A, validationRegex: "^[a-z]$" }] }'],
    ),
    'manifest-condition-default',
  ],
  [
    'a pattern that could take for ever',
    manifestText([machineText('a')], ['initConditions: { values: [{ key: k, validationRegex: "^(?=a)" }] }']),
    'manifest-bad-pattern',
  ],
  ['a task that needs itself', tasks('t: { run: x, needs: [t] }'), 'manifest-task-cycle'],
  [
    'an unknown condition',
    tasks('t: { run: x, conditions: [{ key: k, value: v }] }'),
    'manifest-unknown-condition',
  ],
  [
    'a condition twice',
    manifestText([machineText('a')], ['initConditions: { values: [{ key: k }, { key: k }] }']),
    'manifest-duplicate-condition',
  ],
  [
    'a default that is no option',
    manifestText(
      [machineText('a')],
      ['initConditions: { values: [{ key: k, default: c, options: [a, b] }] }'],
    ),
    'manifest-condition-default',
  ],
])('%s is refused with its own code', (_, text, code) => {
  expect(codesOf(text)).toEqual([code]);
});

test('what looks alike but is sound passes', () => {
  const files = 'startupFiles: [{ path: /x, content: a }, { path: /x, content: b, append: true }]';
  expect(
    codesOf(manifestText([machineText('a', [files]), machineText('b', [], '[{ network: local }, {}]')])),
  ).toEqual([]);
  expect(codesOf(tasks('t: { run: x, needs: [u, v] }, u: { run: x, needs: [v] }, v: { run: x }'))).toEqual(
    [],
  );
  expect(
    codesOf(
      manifestText(
        ['a', 'b'].map((name) => machineText(name)),
        ['networks: [{ name: local, subnet: 10.0.0.0/24 }]'],
      ),
    ),
  ).toEqual([]);
});

test('publishing needs a title; a part may leave out what its base has', () => {
  const text = manifestText([machineText('a')]);
  expect(codesOf(text, { purpose: 'publish' })).toEqual(['manifest-no-title']);
  const part = manifestText([on('[{ network: of-the-base }]')], ['tabs: [{ machine: a }]']);
  expect(codesOf(part, { purpose: 'part' })).toEqual([]);
  expect(codesOf('kind: playground\nplayground: { tabs: [{ machine: z }] }', { purpose: 'part' })).toEqual(
    [],
  );
});
