import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readConfig, readManifest } from './image-manifest.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const image = {
  schemaVersion: 2,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest('a'), size: 1 },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digest('b'), size: 2 }],
};
const choice = (os: string, architecture: string, digit: string) => ({
  digest: digest(digit),
  size: 1,
  platform: { os, architecture },
});

test('an image is read', () => {
  expect(readManifest(JSON.stringify(image))).toMatchObject({ kind: 'image', image });
});

test('of a list, the image for Linux on amd64 is chosen', () => {
  const manifests = [choice('linux', 'arm64', '1'), choice('linux', 'amd64', '2')];
  expect(readManifest(JSON.stringify({ schemaVersion: 2, manifests }))).toEqual({
    kind: 'list',
    digest: digest('2'),
  });
});

test('a list without one says what it has', () => {
  const manifests = [choice('linux', 'arm64', '1'), choice('windows', 'amd64', '2')];
  const read = readManifest(JSON.stringify({ schemaVersion: 2, manifests }));
  expect(read).toMatchObject({
    kind: 'unfit',
    reason: expect.stringContaining('linux/arm64, windows/amd64') as string,
  });
});

test('no answer of a registry makes the reader fail', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readManifest(text).kind).toBe('unfit');
      expect(typeof readConfig(text, 1)).toBe('string');
    }),
  );
});

test('a configuration must fit the layers and the platform', () => {
  const config = { os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [digest('c')] } };
  expect(readConfig(JSON.stringify(config), 1)).toMatchObject({ rootfs: config.rootfs });
  expect(readConfig(JSON.stringify(config), 2)).toMatch('2 layers');
  expect(readConfig(JSON.stringify({ ...config, architecture: 'arm64' }), 1)).toMatch('linux/arm64');
});
