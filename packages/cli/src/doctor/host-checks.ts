// What the host itself must offer. Nothing here needs a running platform.
import { access, constants, statfs } from 'node:fs/promises';
import { formatSize } from '../output/size.ts';
import { judgeHost, readHostFacts } from '../setup/host-check.ts';
import { findMissingPackages } from '../setup/install-packages.ts';
import { type Installation, wantedPackages } from '../setup/installation.ts';
import { forwardsPackets } from '../setup/kernel-settings.ts';
import { findUser } from '../setup/system-user.ts';
import { runCommand } from '../system/run-command.ts';
import { checkForwarding } from './forwarding.ts';
import { broken, type Check, type CheckResult, good, warning } from './check.ts';

const mend = 'sudo playhouse up';
const lowDisk = 2 * 1024 ** 3;

export function hostChecks(installation: Installation, codeRoot: string): Readonly<Record<string, Check>> {
  const isRoot = process.getuid?.() === 0;
  return {
    'Operating system': async () => {
      const { supported, text } = judgeHost(await readHostFacts());
      return supported
        ? good('Operating system', text)
        : broken('Operating system', text, 'Use Debian 12 or 13 on amd64.');
    },
    'Node.js': async () => good('Node.js', `${process.version} at ${process.execPath}`),
    'System packages': async () => {
      const wanted = await wantedPackages(codeRoot, 'run');
      const missing = await findMissingPackages(wanted);
      if (missing.length === 0) return good('System packages', `all ${wanted.length} installed`);
      return broken(
        'System packages',
        `missing: ${missing.join(', ')}`,
        `sudo apt-get install ${missing.join(' ')}`,
      );
    },
    'System users': async () => {
      const { server, engine } = installation.configuration;
      const names = [server.user, engine.machineUser];
      const found = await Promise.all(names.map(findUser));
      const missing = names.filter((_, index) => found[index] === null);
      return missing.length === 0
        ? good('System users', names.join(', '))
        : broken('System users', `missing: ${missing.join(', ')}`, mend);
    },
    'IP forwarding': async () =>
      (await forwardsPackets()) ? good('IP forwarding', 'on') : broken('IP forwarding', 'off', mend),
    '/dev/net/tun': () => device('/dev/net/tun', broken('/dev/net/tun', 'missing', mend)),
    '/dev/kvm': () =>
      device(
        '/dev/kvm',
        warning('/dev/kvm', 'missing: machines are emulated', 'Enable virtualisation for this host.'),
      ),
    'Network namespaces': async () =>
      isRoot ? usable('Network namespaces', ['unshare', '--net', 'true']) : notAsked('Network namespaces'),
    nftables: async () => (isRoot ? usable('nftables', ['nft', 'list', 'tables']) : notAsked('nftables')),
    Forwarding: async () => (isRoot ? await checkForwarding() : notAsked('Forwarding')),
    'Disk space': async () => {
      const path = await firstExisting(installation.paths.root);
      const { bavail, bsize } = await statfs(path);
      const free = `${formatSize(bavail * bsize)} free at ${path}`;
      return bavail * bsize > lowDisk
        ? good('Disk space', free)
        : broken('Disk space', free, `Free some space on the disk of ${path}; a source takes about 1 GiB.`);
    },
  };
}

async function device(path: string, otherwise: CheckResult): Promise<CheckResult> {
  try {
    await access(path);
    return good(path, 'present');
  } catch {
    return otherwise;
  }
}

async function usable(name: string, argv: readonly string[]): Promise<CheckResult> {
  const { exitCode, stderr } = await runCommand(argv, { timeoutSeconds: 10 });
  if (exitCode === 0) return good(name, 'usable');
  const mend = 'Run on a host or container that may change its network (CAP_NET_ADMIN, CAP_SYS_ADMIN).';
  return broken(name, `\`${argv.join(' ')}\` failed: ${stderr.trim()}`, mend);
}

function notAsked(name: string): CheckResult {
  return warning(name, 'not looked at without root', 'sudo playhouse doctor');
}

async function firstExisting(path: string): Promise<string> {
  for (let at = path; at !== '/'; at = at.slice(0, Math.max(1, at.lastIndexOf('/')))) {
    const there = await access(at, constants.F_OK).then(
      () => true,
      () => false,
    );
    if (there) return at;
  }
  return '/';
}
