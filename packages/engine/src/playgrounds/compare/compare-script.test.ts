import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runOrFail } from '../../system/run.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { compareScript, parseFindings } from './compare-script.ts';
import { parseListening } from './listening-ports.ts';

const busybox = '/bin/busybox';
const status = (name: string, version: string, state = 'installed') =>
  `Package: ${name}\nStatus: install ok ${state}\nArchitecture: amd64\nVersion: ${version}\nDescription: text\n more\n\n`;

/** Runs the script as the appliance does, over two folders instead of two drives. */
async function compare(folder: string, before: string, after: string) {
  const environment = [`BUSYBOX=${busybox}`, `TOP=${folder}/work`];
  const { stdout } = await runOrFail([
    'env',
    ...environment,
    busybox,
    'sh',
    '-c',
    compareScript,
    'compare',
    before,
    after,
  ]);
  return parseFindings(stdout);
}

async function tree(folder: string): Promise<string> {
  await mkdir(`${folder}/etc`, { recursive: true });
  await mkdir(`${folder}/var/lib/dpkg`, { recursive: true });
  for (const name of ['same', 'longer', 'gone', 'mode', 'touched', 'with two  words']) {
    await writeFile(`${folder}/etc/${name}`, 'text');
    await utimes(`${folder}/etc/${name}`, 1000, 1000);
  }
  await symlink('same', `${folder}/etc/link`);
  await writeFile(
    `${folder}/var/lib/dpkg/status`,
    status('bash', '5.2') + status('curl', '7.88') + status('left', '1', 'config-files'),
  );
  return folder;
}

test.runIf(existsSync(busybox))('what was added, removed and changed is told with its sizes', async () => {
  const folder = await temporaryDirectory();
  const [before, after] = [await tree(`${folder}/a`), await tree(`${folder}/b`)];
  await writeFile(`${after}/etc/longer`, 'more text');
  await writeFile(`${after}/etc/new`, 'n');
  await mkdir(`${after}/srv`);
  await rm(`${after}/etc/gone`);
  await rm(`${after}/etc/with two  words`);
  await chmod(`${after}/etc/mode`, 0o600);
  await utimes(`${after}/etc/touched`, 2000, 2000);
  await rm(`${after}/etc/link`);
  await symlink('elsewhere', `${after}/etc/link`);
  await writeFile(
    `${after}/var/lib/dpkg/status`,
    status('bash', '5.3') + status('left', '2') + status('tmux', '3.3'),
  );
  const { files, packages, unreadable, truncated } = await compare(folder, before, after);
  expect({ unreadable, truncated }).toEqual({ unreadable: null, truncated: false });
  const told = files.map(
    ({ change, path, sizeBefore, sizeAfter }) => `${change} ${path} ${sizeBefore} ${sizeAfter}`,
  );
  expect(told.filter((line) => !line.includes('dpkg') && !line.includes('/srv'))).toEqual([
    'removed /etc/gone 4 null',
    'changed /etc/link 4 9',
    'changed /etc/longer 4 9',
    'changed /etc/mode 4 4',
    'added /etc/new null 1',
    'changed /etc/touched 4 4',
    'removed /etc/with two  words 4 null',
  ]);
  expect(files).toContainEqual(expect.objectContaining({ change: 'added', path: '/srv' }));
  expect(packages).toEqual([
    { name: 'bash', before: '5.2', after: '5.3' },
    { name: 'curl', before: '7.88', after: null },
    { name: 'left', before: null, after: '2' },
    { name: 'tmux', before: null, after: '3.3' },
  ]);
});

test.runIf(existsSync(busybox))(
  'a drive that only one has is all new; one without a file system is told',
  async () => {
    const folder = await temporaryDirectory();
    const after = await tree(`${folder}/b`);
    const { files } = await compare(folder, '-', after);
    expect(files.every(({ change }) => change === 'added')).toBe(true);
    expect(files.map(({ path }) => path)).toContain('/etc/same');
    await rm(`${folder}/work`, { recursive: true });
    await writeFile(`${folder}/raw`, 'no file system');
    expect((await compare(folder, after, `${folder}/raw`)).unreadable).toContain('after');
  },
);

test('a machine that makes things up costs its own answer, no more', () => {
  const evil =
    '#files\nadded - 1 /a\u001B[31mred\nchanged x y /b\nwhat\n#packages before\n#packages after\nonly-one\n#end\n';
  expect(parseFindings(evil)).toEqual({
    unreadable: null,
    files: [{ change: 'added', path: '/ared', sizeBefore: null, sizeAfter: 1 }],
    truncated: false,
    packages: [],
  });
  expect(() => parseFindings('#files\nadded - 1 /a\n')).toThrow('to their end');
});

test('listening ports are read as the kernel writes them', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   2: 0A01A8C0:0016 0201A8C0:D431 01 00000000:00000000 00:00000000 00000000     0
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   1: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
`;
  expect(parseListening(text)).toEqual([
    'tcp 0.0.0.0:22',
    'tcp 127.0.0.1:5432',
    'tcp [0:0:0:0:0:0:0:1]:80',
    'tcp [::]:22',
  ]);
});
