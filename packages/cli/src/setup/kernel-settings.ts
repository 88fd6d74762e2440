import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { runCommand } from '../system/run-command.ts';

export const forwardingFile = '/proc/sys/net/ipv4/ip_forward';
const tunDevice = '/dev/net/tun';
export const sysctlFile = '/etc/sysctl.d/60-playhouse.conf';

/** True when the host passes packets between networks, which machines need to reach the outside. */
export async function forwardsPackets(): Promise<boolean> {
  return (await readFile(forwardingFile, 'utf8').catch(() => '0')).trim() === '1';
}

/**
 * Switches forwarding on, now and for later boots, if it is off. Resolves with whether something changed.
 * @throws PlayhouseError unsupported-host
 */
export async function ensureForwarding(): Promise<boolean> {
  if (await forwardsPackets()) return false;
  try {
    await writeFile(forwardingFile, '1\n');
    await mkdir('/etc/sysctl.d', { recursive: true });
    await writeFile(
      sysctlFile,
      '# Machines of Playhouse reach the outside through this host.\nnet.ipv4.ip_forward = 1\n',
    );
    return true;
  } catch (cause) {
    const detail = `IP forwarding is off and ${forwardingFile} cannot be written`;
    throw new PlayhouseError('unsupported-host', { detail }, { cause });
  }
}

/**
 * Makes the tun device usable. Resolves with whether something changed.
 * @throws PlayhouseError unsupported-host
 */
export async function ensureTun(): Promise<boolean> {
  if (await exists(tunDevice)) return false;
  await runCommand(['modprobe', 'tun']).catch(() => null);
  if (await exists(tunDevice)) return true;
  await mkdir('/dev/net', { recursive: true });
  await runCommand(['mknod', '-m', '0666', tunDevice, 'c', '10', '200']).catch(() => null);
  if (await exists(tunDevice)) return true;
  throw new PlayhouseError('unsupported-host', { detail: `${tunDevice} is missing and cannot be made` });
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
