// Debian with OpenRC, and sysvinit as its first process: an image that knows nothing of systemd and of Playhouse. Bootstrapped
// once, and kept beside the baked images.
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { foreignImages } from './locations.ts';
import { runOk } from './process.ts';

const packages = ['sysvinit-core', 'openrc', 'openssh-server', 'iproute2', 'netbase'];

/** The tar archive of a root directory; makes it when it is not there. */
export async function foreignImage(): Promise<string> {
  const file = `${foreignImages}/openrc.tar`;
  if (existsSync(file)) return file;
  await mkdir(foreignImages, { recursive: true });
  const options = ['--variant=minbase', `--include=${packages.join(',')}`, '--skip=output/dev'];
  const lean = ['--aptopt=Apt::Install-Recommends "false"', '--aptopt=Acquire::Languages "none"'];
  await runOk(['mmdebstrap', ...options, ...lean, 'bookworm', `${file}.new.tar`], { timeoutMs: 600_000 });
  await rename(`${file}.new.tar`, file);
  return file;
}
