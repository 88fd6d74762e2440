import { expect, test } from 'vitest';
import { misfit } from './memory-fit.ts';

const fit = { qemu: '7.2', processor: 'tcg', kernel: 'sha256:aa', shape: '0123456789'.repeat(6) };

test('memory fits what it was cut under', () => {
  expect(misfit(fit, { ...fit })).toBeNull();
});

test('a misfit is told with everything that differs', () => {
  expect(misfit(fit, { ...fit, qemu: '10.0', kernel: 'sha256:bb' })).toBe(
    'QEMU was 7.2 and is 10.0; the kernel was aa and is bb.',
  );
});

test('long digests are shortened', () => {
  expect(misfit(fit, { ...fit, shape: 'f'.repeat(64) })).toBe(
    'the machine’s devices was 012345678901 and is ffffffffffff.',
  );
});
