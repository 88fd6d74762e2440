import { expect, test } from 'vitest';
import { platformOf } from './image-platform.ts';

test('platforms that are the same are told so, however they are written', () => {
  const same = [
    ['linux/amd64', 'amd64', 'x86_64', 'linux/x86-64', 'Linux/amd64/v1', 'linux/amd64/'],
    ['linux/arm64', 'arm64', 'aarch64', 'linux/arm64/v8', 'linux/aarch64'],
    ['linux/arm/v7', 'arm', 'armhf', 'linux/arm', 'linux/arm/v7'],
    ['linux/arm/v6', 'armel'],
    ['linux/amd64/v3'],
    ['windows/amd64'],
  ];
  for (const [first, ...others] of same)
    for (const other of [first, ...others]) expect([other, platformOf(other ?? '')]).toEqual([other, first]);
});
