import { expect, test } from 'vitest';
import { kernelCommandLine } from './kernel-command-line.ts';

test('without KVM the kernel is told the frequency of the time stamp counter', () => {
  const line = kernelCommandLine({ class: 'tcg', tscKhz: 2_500_000 }).split(' ');
  expect(line).toContain('tsc_early_khz=2500000');
  expect(line).toContain('console=ttyS0');
  expect(() => kernelCommandLine({ class: 'tcg', tscKhz: null })).toThrow('not measured');
});

test.each(['kvm', 'nested'] as const)(
  'under %s it finds out by itself, and keeps what protects it',
  (accelerator) => {
    const line = kernelCommandLine({ class: accelerator, tscKhz: null });
    expect(line).toContain('console=ttyS0');
    expect(line).not.toMatch(/tsc_early_khz|mitigations|norandmaps/);
  },
);

test('whatever runs it, names of interfaces are eth0, eth1 … and a panic ends the machine', () => {
  for (const accelerator of ['kvm', 'nested', 'tcg'] as const) {
    const words = kernelCommandLine({ class: accelerator, tscKhz: 1 }).split(' ');
    expect(words).toEqual(expect.arrayContaining(['net.ifnames=0', 'panic=-1', 'reboot=t']));
  }
});
