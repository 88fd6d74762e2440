import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyManifest } from './testing/any-manifest.ts';
import { formatManifest } from './format-manifest.ts';
import { manifestSchema } from './manifest.ts';
import { machineText, manifestText, parsed } from './testing/manifest-text.ts';
import { readYaml } from './read-yaml.ts';

test('formatting and parsing gives an equal manifest', () => {
  fc.assert(
    fc.property(anyManifest, (manifest) => {
      const read = readYaml(formatManifest(manifest), 'm.yaml');
      expect(read.problems).toBeUndefined();
      expect(manifestSchema.parse('value' in read ? read.value : undefined)).toEqual(manifest);
    }),
  );
});

test('a canonical manifest parses to itself', () => {
  fc.assert(
    fc.property(anyManifest, (manifest) => {
      expect(manifestSchema.parse(manifest)).toEqual(manifest);
    }),
  );
});

test('the text uses the words of other clients and leaves defaults out', () => {
  const text = manifestText(
    [machineText('a', ['noSsh: true', 'resources: { ramSize: 4G }'])],
    ['initTasks: { size: { run: x, timeoutSeconds: 5 } }'],
  );
  const formatted = formatManifest(parsed(text));
  expect(formatted).toContain('noSSH: true');
  expect(formatted).toContain('ramSize: 4GiB');
  expect(formatted).toContain('timeout_seconds: 5');
  expect(formatted).not.toMatch(/readOnly|needs|init:/);
});
