import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SecretBox } from './secret-box.ts';

test('what is sealed is opened again, and looks different each time', () => {
  const box = new SecretBox(randomBytes(32));
  fc.assert(
    fc.property(fc.string(), fc.string(), (secret, label) => {
      const sealed = box.seal(secret, label);
      expect(box.unseal(sealed, label)).toBe(secret);
      expect(box.seal(secret, label)).not.toBe(sealed);
    }),
  );
});

test('a changed byte, another label and another key open nothing', () => {
  const box = new SecretBox(randomBytes(32));
  const sealed = box.seal('secret', 'r.example');
  const bytes = Buffer.from(sealed, 'base64');
  for (let index = 0; index < bytes.length; index++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed[index] ?? 0) ^ 1, index);
    expect(() => box.unseal(changed.toString('base64'), 'r.example')).toThrow(/authenticate|Invalid/);
  }
  expect(() => box.unseal(sealed, 'other.example')).toThrow(/authenticate/);
  expect(() => new SecretBox(randomBytes(32)).unseal(sealed, 'r.example')).toThrow(/authenticate|Invalid/);
  expect(() => box.unseal('', 'r.example')).toThrow(/authenticate|Invalid/);
});
