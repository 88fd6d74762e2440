import { access, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forwardingFile, sysctlFile } from './kernel-settings.ts';

const settingsFolders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/** Where the host says what it is set to and what its networks are. */
export interface ForwardingPlaces {
  readonly switchFile: string;
  /** Only there where `up` switched forwarding on. */
  readonly ownFile: string;
  readonly settings: readonly string[];
  readonly interfaces: string;
}

const hostPlaces: ForwardingPlaces = {
  switchFile: forwardingFile,
  ownFile: sysctlFile,
  settings: ['/etc/sysctl.conf', ...settingsFolders],
  interfaces: '/sys/class/net',
};

/**
 * Switches forwarding off again where `up` switched it on. It stays on where somebody else may count on it by now: another setting
 * of the host asks for it, or networks that are not ours go through the host. Ours MUST be gone. Resolves with why it
 * stays on; null when it was switched off, or was never switched on by us.
 */
export async function restoreForwarding(places: ForwardingPlaces = hostPlaces): Promise<string | null> {
  const { switchFile, ownFile, settings, interfaces } = places;
  if (!(await isThere(ownFile))) return null;
  await rm(ownFile, { force: true });
  const setting = await settingThatWants(settings);
  if (setting !== null) return `${setting} asks for it`;
  const network = await networkThrough(interfaces);
  if (network !== null) return `the network ${network} may need it`;
  // Where it cannot be written it was not switched on by us either, and the next boot sets it as the host says.
  await writeFile(switchFile, '0\n').catch(() => undefined);
  return null;
}

async function settingThatWants(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const names = await readdir(path).catch(() => null);
    const files =
      names === null
        ? [path]
        : names.filter((name) => name.endsWith('.conf')).map((name) => join(path, name));
    for (const file of files) {
      const text = await readFile(file, 'utf8').catch(() => '');
      if (/^\s*-?net[./]ipv4[./](?:ip_forward|conf[./]all[./]forwarding)\s*=\s*1\s*$/m.test(text))
        return file;
    }
  }
  return null;
}

/** A bridge, a tunnel, or the host's end of another namespace, as these are usually named: packets of others come through it. */
async function networkThrough(interfaces: string): Promise<string | null> {
  for (const name of await readdir(interfaces).catch(() => [])) {
    const folder = join(interfaces, name);
    if ((await isThere(join(folder, 'bridge'))) || (await isThere(join(folder, 'tun_flags')))) return name;
    const kind = await readFile(join(folder, 'uevent'), 'utf8').catch(() => '');
    if (/^DEVTYPE=(?:bridge|wireguard|veth)$/m.test(kind) || /^(?:veth|ph[0-9a-f]{4}-)/.test(name))
      return name;
  }
  return null;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
