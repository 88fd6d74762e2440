import fc from 'fast-check';
import { expect, test } from 'vitest';
import { driveSchema, machineDrivesLimit } from './drive.ts';
import { deviceName, resolveDrives } from './resolve-drives.ts';
import { gibibyte } from './size.ts';

const drives = (...list: readonly object[]) => resolveDrives(list.map((drive) => driveSchema.parse(drive)));

test('devices are named in the order of the manifest, wherever the root drive stands', () => {
  const list = drives({ size: '1G' }, { source: 'debian-12', mount: '/' }, { mount: '/data/' });
  expect(list.map(({ device, mount }) => [device, mount])).toEqual([
    ['/dev/vda', null],
    ['/dev/vdb', '/'],
    ['/dev/vdc', '/data'],
  ]);
});

test.each([
  ['a source keeps its file system', { source: 'debian-12' }, 'ext4'],
  ['a mounted drive is ext4 unless it says otherwise', { mount: '/data' }, 'ext4'],
  ['it may say otherwise', { mount: '/data', filesystem: 'btrfs' }, 'btrfs'],
  ['a file system needs no mount point', { filesystem: 'xfs' }, 'xfs'],
  ['a drive without any of them is raw', { size: '2G' }, null],
])('%s', (_, drive, filesystem) => {
  expect(drives(drive)).toMatchObject([{ filesystem }]);
});

test('a size that is left open is 10GiB', () => {
  expect(drives({}, { size: '3G', readOnly: true })).toMatchObject([
    { sizeBytes: 10 * gibibyte, readOnly: false },
    { sizeBytes: 3 * gibibyte, readOnly: true },
  ]);
});

test('every drive that a machine can have, and both of the platform, have a name of their own, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: machineDrivesLimit }), (index) => {
      expect(deviceName(index)).toMatch(/^\/dev\/vd[a-z]$/);
      expect(deviceName(index) < deviceName(index + 1)).toBe(true);
    }),
  );
  expect(() => deviceName(machineDrivesLimit + 2)).toThrow(RangeError);
});
