import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AgentFixture, startAgent } from './agent-fixture.ts';
import { kernelCommandLine } from './kernel-command-line.ts';

let fixture: AgentFixture;
beforeAll(async () => void (fixture = await startAgent()), 60_000);
afterAll(() => fixture.stop());

test('an emulated machine is told the rate of its counter instead of measuring it', () => {
  const line = kernelCommandLine({ accelerator: 'tcg', tscKhz: 2_600_000 });
  expect(line.split(' ')).toContain('tsc_early_khz=2600000');
});

test('under KVM the hypervisor tells, and mitigations stay', () => {
  expect(kernelCommandLine({ accelerator: 'kvm', tscKhz: 2_600_000 })).not.toMatch(/tsc|mitigations/);
});

test('the agent measures the counter of the host to a part in a thousand, twice alike', () => {
  const [first = 0, second = 0] = [0, 1].map(() => Number(execFileSync(fixture.binary, ['tsc'])));
  expect(first).toBeGreaterThan(500_000);
  expect(Math.abs(first - second) / first).toBeLessThan(0.001);
});
