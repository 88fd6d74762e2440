// With the real ssh-keygen.
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { runOrFail } from '../system/run.ts';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { makeSshKeyPair } from './ssh-key-pair.ts';

// The padding differs with the comment’s length.
test.each(['', 'm', 'node-1', 'control-plane', 'sixteen-letters!'])(
  'OpenSSH reads the key, finds the same public one in it, and signs with it (comment "%s")',
  async (comment) => {
    const folder = await temporaryDirectory();
    const { privateKey, publicKey } = await makeSshKeyPair(comment);
    await writeFile(`${folder}/key`, privateKey, { mode: 0o600 });
    await writeFile(`${folder}/key.pub`, publicKey);
    const { stdout } = await runOrFail(['ssh-keygen', '-y', '-f', `${folder}/key`]);
    expect(stdout.trim()).toBe(publicKey.trim());
    await runOrFail(['ssh-keygen', '-l', '-f', `${folder}/key.pub`]);
    const sign = ['ssh-keygen', '-Y', 'sign', '-n', 'file', '-f', `${folder}/key`];
    const { stdout: signature } = await runOrFail(sign, { input: 'text' });
    await writeFile(`${folder}/signature`, signature);
    await writeFile(`${folder}/signers`, `somebody ${publicKey}`);
    const verify = ['ssh-keygen', '-Y', 'verify', '-n', 'file', '-I', 'somebody', '-f', `${folder}/signers`];
    await runOrFail([...verify, '-s', `${folder}/signature`], { input: 'text' });
  },
);

test('no two keys are the same', async () => {
  const [one, other] = await Promise.all([makeSshKeyPair('a'), makeSshKeyPair('a')]);
  expect(one.publicKey).not.toBe(other.publicKey);
  expect(one.privateKey).not.toBe(other.privateKey);
});
