import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { kernelOrigin } from './add-kernel.ts';

test('the form of the word says where the kernel comes from', () => {
  expect(kernelOrigin({})).toBeNull();
  expect(kernelOrigin({ from: 'x.deb' })).toEqual({ kind: 'deb', path: resolve('x.deb') });
  expect(kernelOrigin({ from: './bzImage' })).toEqual({
    kind: 'image',
    path: resolve('bzImage'),
    modules: null,
  });
  const modules = resolve('lib/6.1');
  expect(kernelOrigin({ from: '/k/bzImage', modules: 'lib/6.1' })).toEqual({
    kind: 'image',
    path: '/k/bzImage',
    modules,
  });
  const cloud = { kind: 'package', package: 'linux-image-cloud-amd64', suite: 'trixie' };
  expect(kernelOrigin({ from: 'linux-image-cloud-amd64' })).toEqual(cloud);
  expect(kernelOrigin({ from: 'linux-image-cloud-amd64', suite: 'sid' })).toEqual({ ...cloud, suite: 'sid' });
});

test('options that mean nothing there are refused', () => {
  for (const input of [
    { modules: 'm' },
    { suite: 'sid' },
    { from: 'x.deb', modules: 'm' },
    { from: './k', suite: 'sid' },
  ])
    expect(() => kernelOrigin(input)).toThrow(expect.objectContaining({ code: 'usage' }));
});
