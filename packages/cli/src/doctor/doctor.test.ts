import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { broken, good, runCheck, warning } from './check.ts';
import { renderDoctor } from './render.ts';

const plain = picocolors.createColors(false);

test('each finding has its sign, and a fault the way to mend it', () => {
  const results = [
    good('Accelerator', 'tcg', 'This host is itself a virtual machine.'),
    warning('/dev/kvm', 'missing: machines are emulated'),
    broken('IP forwarding', 'off', 'sudo playhouse up'),
  ];
  expect(renderDoctor(results, plain)).toMatchInlineSnapshot(`
    "✓ Accelerator     tcg
                      This host is itself a virtual machine.
    ! /dev/kvm        missing: machines are emulated
    ✗ IP forwarding   off
                      mend: sudo playhouse up

    1 thing is broken.
    "
  `);
});

test('a check that throws is a fault with the hint of its error', async () => {
  const results = await runCheck('nftables', () => {
    throw new PlayhouseError('command-missing', { command: 'nft' });
  });
  expect(results).toMatchObject([
    { name: 'nftables', verdict: 'broken', found: ['The program `nft` is not installed.'] },
  ]);
});

test('what only the server knows is no fault of its own while the server is down', async () => {
  const results = await runCheck('Sources', () => {
    throw new PlayhouseError('server-unreachable', { endpoint: 'http://a' });
  });
  expect(results).toMatchObject([{ verdict: 'warning', mend: null }]);
});
