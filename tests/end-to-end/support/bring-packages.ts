// Debian packages for machines that have no way to a mirror: fetched by the host, for the packages that the machine has.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { Installation } from './installation.ts';
import { runOk } from './process.ts';

const fetchTimeoutMs = 300_000;
const installTimeoutMs = 900_000;

/** Installs packages with what they need, and no more, into machines of this host’s Debian release that are alike. */
export async function bringPackages(
  installation: Installation,
  addresses: readonly string[],
  packages: readonly string[],
): Promise<void> {
  const [first = ''] = addresses;
  const folder = await mkdtemp('/tmp/pht-packages-');
  try {
    const { stdout: status } = await installation.ssh(first, 'root', 'cat /var/lib/dpkg/status');
    await writeFile(`${folder}/status`, status);
    await mkdir(`${folder}/archives/partial`, { recursive: true });
    const options = [
      `Dir::State::status=${folder}/status`,
      `Dir::Cache::archives=${folder}/archives/`,
      'Debug::NoLocking=1',
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    await runOk(
      ['apt-get', ...options, 'install', '--download-only', '--no-install-recommends', '-y', ...packages],
      { timeoutMs: fetchTimeoutMs },
    );
    const archives = (await readdir(`${folder}/archives`)).filter((name) => name.endsWith('.deb'));
    await Promise.all(
      addresses.map(async (address) => await install(installation, address, folder, archives)),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function install(
  installation: Installation,
  address: string,
  folder: string,
  archives: readonly string[],
): Promise<void> {
  const ssh = [
    ...['-i', `${installation.state}/home/id`],
    ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'],
  ];
  const files = archives.map((name) => `${folder}/archives/${name}`);
  const copy = ['scp', '-q', ...ssh, ...files, `root@${address}:/var/cache/apt/archives/`];
  await runOk([...installation.inNetns, ...copy], { timeoutMs: installTimeoutMs });
  const command =
    'DEBIAN_FRONTEND=noninteractive dpkg --force-unsafe-io -i /var/cache/apt/archives/*.deb >/root/dpkg.log 2>&1 || { tail /root/dpkg.log; exit 1; }';
  const { code, stdout, stderr } = await installation.ssh(address, 'root', command, installTimeoutMs);
  if (code !== 0) throw new Error(`the packages cannot be installed: ${stdout}${stderr}`);
}
