// The pure halves of the steps of `playhouse up`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { computeCodeDigest } from './code-digest.ts';
import { judgeHost } from './host-check.ts';
import { lastLogLine } from './last-log-line.ts';
import { aptInstallArgv, missingPackages, parseAptStatus } from './package-plan.ts';
import { planServices } from './service-plan.ts';
import { renderSummary } from './summary.ts';
import { renderUnit } from './systemd-unit.ts';
import { parsePasswd, useraddArgv } from './system-user.ts';

const debian = (version: string) =>
  `PRETTY_NAME="Debian GNU/Linux ${version}"\nNAME="Debian GNU/Linux"\nVERSION_ID="${version}"\nID=debian\n`;

test.each([
  [debian('12'), 'x64', true, 'Debian GNU/Linux 12'],
  [debian('13'), 'x64', true, 'Debian GNU/Linux 13'],
  [debian('11'), 'x64', false, 'it runs Debian GNU/Linux 11'],
  [debian('12'), 'arm64', false, 'its processor is arm64, not amd64'],
  ['ID=ubuntu\nVERSION_ID="12"\nPRETTY_NAME="Ubuntu"\n', 'x64', false, 'it runs Ubuntu'],
  ['', 'x64', false, 'it runs an unknown system'],
])('judges a host by its os-release and processor (%#)', (osRelease, architecture, supported, text) => {
  expect(judgeHost({ osRelease, architecture })).toEqual({ supported, text });
});

test('only packages in state `ii` (or held) count as installed', () => {
  const output = 'ii \tgcc\nrc \tnftables\nhi \tkmod\nun \tcpio\niU \tzstd\n';
  expect(missingPackages(['gcc', 'nftables', 'kmod', 'cpio', 'zstd', 'qemu-utils'], output)).toEqual([
    'nftables',
    'cpio',
    'zstd',
    'qemu-utils',
  ]);
});

test('apt is asked without recommendations, waits for its lock, and tells progress on descriptor 3', () => {
  expect(aptInstallArgv(['a', 'b']).join(' ')).toBe(
    'apt-get -o DPkg::Lock::Timeout=300 -o APT::Status-Fd=3 install -y --no-install-recommends a b',
  );
});

test('downloads are the first half of the bar, installation the second', () => {
  const share = (line: string) => parseAptStatus(line)?.progress.done;
  expect(share('dlstatus:1:40:Retrieving file 1 of 3 (2s remaining)')).toBe(20);
  expect(share('pmstatus:libc6-dev:50:Unpacking libc6-dev (amd64)')).toBe(75);
  expect(share('pmstatus:libc6-dev:amd64:33.3333:Installing libc6-dev')).toBeCloseTo(66.67);
  expect(parseAptStatus('pmstatus:gcc:50:Unpacking gcc')?.detail).toBe('Unpacking gcc');
  expect(parseAptStatus('media-change:x:y')).toBeNull();
});

test('a system user gets a group of its own, no home and no shell', () => {
  expect(useraddArgv('playhouse-vm', ['kvm']).join(' ')).toBe(
    'useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin --groups kvm playhouse-vm',
  );
});

test('finds a user by its whole name', () => {
  const text = 'root:x:0:0:root:/root:/bin/bash\nplayhouse-vm:x:998:997::/nonexistent:/usr/sbin/nologin\n';
  expect(parsePasswd(text, 'playhouse-vm')).toEqual({
    name: 'playhouse-vm',
    uid: 998,
    gid: 997,
    home: '/nonexistent',
  });
  expect(parsePasswd(text, 'playhouse')).toBeNull();
});

const plan = planServices({
  code: { root: '/opt/play house', node: '/usr/bin/node' },
  digest: 'sha256:1',
  paths: { logs: '/var/lib/playhouse/logs' },
  environment: {
    PLAYHOUSE_SERVER_PORT: '7701',
    PLAYHOUSE_TOKEN: 'secret',
    https_proxy: 'http://p%',
    HOME: '/root',
    X: 'y',
  },
  compileCache: '/cache',
});

test('services see settings and proxies, but no secrets and nothing else of the caller', () => {
  expect(plan[0].environment).toEqual({
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/',
    LANG: 'C.UTF-8',
    NODE_COMPILE_CACHE: '/cache',
    PLAYHOUSE_SERVER_PORT: '7701',
    https_proxy: 'http://p%',
    PLAYHOUSE_CODE_DIGEST: 'sha256:1',
  });
});

test('the unit of the engine', () => {
  expect(renderUnit(plan[1])).toMatchInlineSnapshot(`
    "[Unit]
    Description=Playhouse engine
    After=network-online.target
    Wants=network-online.target
    StartLimitIntervalSec=0

    [Service]
    ExecStart=/usr/bin/node --max-semi-space-size=2 "/opt/play house/packages/engine/src/main.ts"
    Environment=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    Environment=HOME=/
    Environment=LANG=C.UTF-8
    Environment=NODE_COMPILE_CACHE=/cache
    Environment=PLAYHOUSE_SERVER_PORT=7701
    Environment=https_proxy=http://p%%
    Environment=PLAYHOUSE_CODE_DIGEST=sha256:1
    KillMode=process
    Delegate=yes
    Restart=always
    RestartSec=1
    TimeoutStopSec=15
    StandardOutput=append:/var/lib/playhouse/logs/engine.log
    StandardError=inherit

    [Install]
    WantedBy=multi-user.target
    "
  `);
});

test('the last line of a log is told in words', () => {
  const line = JSON.stringify({ level: 60, msg: 'cannot listen', err: { message: 'port 7700 in use' } });
  expect(lastLogLine(`first\n${line}\n`)).toBe('cannot listen: port 7700 in use');
  expect(lastLogLine('playhouse server: The address is in use.\n\n')).toBe(
    'playhouse server: The address is in use.',
  );
  expect(lastLogLine('')).toBe('it said nothing');
});

test('the digest depends on names and contents of the code, not on tests, times or installed packages', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'playhouse-digest-'));
  const put = (name: string, text: string): void => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  put('packages/a/src/x.ts', 'one');
  const first = await computeCodeDigest(folder);
  put('packages/a/src/x.test.ts', 'a test');
  put('packages/a/node_modules/b/index.js', 'a package');
  put('docs/a.md', 'words');
  put('packages/a/src/x.ts', 'one');
  expect(await computeCodeDigest(folder)).toBe(first);
  put('guest/init', 'sh');
  const second = await computeCodeDigest(folder);
  expect(second).not.toBe(first);
  put('packages/a/src/x.ts', 'two');
  expect(await computeCodeDigest(folder)).not.toBe(second);
  rmSync(folder, { recursive: true });
});

test('the summary of `up`', () => {
  const accelerator = { class: 'tcg' as const, evidence: [] };
  const counts = { cpuCount: 2, memoryBudgetBytes: 1, memoryReservedBytes: 0 };
  const playroom = { connected: true, version: '0.1.0', accelerator, ...counts };
  const summary = { endpoint: 'http://127.0.0.1:7700', tokenFile: '/t', playroom, demo: null };
  expect(renderSummary(summary, './playhouse')).toMatchInlineSnapshot(`
    "Playhouse is up.

    Address:      http://127.0.0.1:7700
    Admin token:  in /t
    Accelerator:  TCG, software emulation (no usable KVM): all features, slower machines

    Next:
      ./playhouse playground start debian --ssh   # a playground of your own
      ./playhouse playground list                 # what is running
      ./playhouse doctor                          # check this host
    "
  `);
});
