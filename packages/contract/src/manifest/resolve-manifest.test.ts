import { expect, test } from 'vitest';
import { resolveManifest } from './resolve-manifest.ts';
import { machineText, manifestText, parsed } from './testing/manifest-text.ts';

test('every default is filled in', () => {
  const text = manifestText([
    machineText('a').replace('[{ name: root }]', '[{ name: u }, { name: v, default: true }]'),
    machineText('b', ['noSSH: true']),
  ]);
  const { networks, machines, tabs } = resolveManifest(parsed(text));
  expect(networks).toEqual([{ name: 'local', subnet: '172.16.0.0/24', private: false }]);
  expect(machines[0]).toMatchObject({
    kernel: { source: '6.1' },
    resources: { cpuCount: 2, ramSize: 2 ** 31 },
    defaultUser: 'v',
  });
  expect(machines[1]).toMatchObject({ defaultUser: 'root', startupFiles: [] });
  expect(tabs).toEqual([{ kind: 'terminal', machine: 'a', id: 'terminal-a' }]);
});

test('tabs get ids that differ, and the first machine unless they show a page', () => {
  const list = 'tabs: [{}, {}, { id: terminal-a-2 }, { kind: web-page, name: x, url: "https://a.b" }]';
  const { tabs } = resolveManifest(parsed(manifestText([machineText('a')], [list])));
  expect(tabs.map(({ id, machine }) => [id, machine])).toEqual([
    ['terminal-a', 'a'],
    ['terminal-a-3', 'a'],
    ['terminal-a-2', 'a'],
    ['web-page', undefined],
  ]);
});
