import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeMember } from './package-member.ts';

const place = (name: string, type = 'file') => placeMember({ name, type }, 'x.deb');

test('image, configuration, symbols and modules are taken, wherever Debian puts them', () => {
  expect(place('./boot/vmlinuz-6.1.0-1')).toEqual({ release: '6.1.0-1', path: 'boot/vmlinuz-6.1.0-1' });
  expect(place('./boot/System.map-6.12.1+deb13')).toEqual({
    release: '6.12.1+deb13',
    path: 'boot/System.map-6.12.1+deb13',
  });
  const module = { release: '6.1.0-1', path: 'modules/kernel/net/wg.ko.xz' };
  expect(place('./lib/modules/6.1.0-1/kernel/net/wg.ko.xz')).toEqual(module);
  expect(place('usr/lib/modules/6.1.0-1/kernel/net/wg.ko.xz')).toEqual(module);
});

test('what is no part of a kernel is left where it is', () => {
  for (const name of [
    './usr/share/doc/x',
    './boot/grub/grub.cfg',
    './etc/passwd',
    './boot/vmlinuz',
    './lib/modules/6.1',
  ])
    expect(place(name)).toBeNull();
  expect(place('./lib/modules/6.1.0-1/', 'directory')).toBeNull();
  expect(place('./lib/modules/6.1.0-1/build', 'symlink')).toBeNull();
  expect(place('./usr/share/bug/link', 'symlink')).toBeNull();
});

test('members that mean to get out are refused', () => {
  for (const [name, type] of [
    ['../etc/passwd', 'file'],
    ['/etc/passwd', 'file'],
    ['./lib/modules/6.1.0-1/../../../etc/passwd', 'file'],
    ['./lib/modules/6.1.0-1/kernel', 'symlink'],
    ['./lib/modules/6.1.0-1/kernel/x.ko', 'link'],
    ['./boot/vmlinuz-6.1.0-1', 'block-device'],
    ['./boot/config-6.1.0-1', 'fifo'],
  ] as const)
    expect(() => place(name, type), name).toThrow(expect.objectContaining({ code: 'kernel-unusable' }));
});

test('no name whatever leads out of the folder', () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '', 'boot', 'lib', 'usr', 'modules', '6.1.0-1', 'vmlinuz-6.1', 'vmlinuz-..'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      expect(whereTo(parts.join('/'))).toMatch(/^(nowhere$|boot\/|modules\/)(?!.*(^|\/)\.\.(\/|$))/s);
    }),
  );
});

function whereTo(name: string): string {
  try {
    return place(name)?.path ?? 'nowhere';
  } catch {
    return 'nowhere';
  }
}
