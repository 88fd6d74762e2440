import { expect, test } from 'vitest';
import { aptConfiguration, kernelDependency, resolve } from './fetch-package.ts';

const wanted = { package: 'linux-image-cloud-amd64', suite: 'trixie' };
const meta =
  'Package: linux-image-cloud-amd64\nDepends: linux-image-6.12.118+deb13-cloud-amd64 (= 6.12.118-1)\n';
const real =
  'Package: linux-image-6.12.118+deb13-cloud-amd64\nDepends: kmod, linux-base (>= 4.12~), initramfs-tools\n';

test('a package that only depends on the newest kernel leads to it', async () => {
  expect(kernelDependency(meta)).toBe('linux-image-6.12.118+deb13-cloud-amd64');
  expect(kernelDependency(real)).toBeNull();
  const show = async (name: string) => (name === wanted.package ? meta : real);
  expect(await resolve(wanted, show)).toBe('linux-image-6.12.118+deb13-cloud-amd64');
});

test('a package that is not there, or leads nowhere, is unknown', async () => {
  const unknown = { code: 'kernel-package-unknown' };
  await expect(resolve(wanted, async () => '')).rejects.toMatchObject(unknown);
  await expect(resolve(wanted, async () => meta)).rejects.toMatchObject(unknown);
});

test('apt is pointed away from the host’s own lists, state and settings', () => {
  const text = aptConfiguration('/scratch', { options: ['Acquire::Check-Date "0";'] });
  expect(text).toContain('Dir::Etc::sourcelist "/scratch/sources.list";\n');
  expect(text).toContain('Dir::State::lists "/scratch/lists";\n');
  expect(text).toContain('Dir::Etc::sourceparts "/dev/null";\n');
  expect(text).toContain('Acquire::Check-Date "0";\n');
  expect(text).toContain('APT::Update::Error-Mode "any";\n');
});
