import { rm, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { ServicesRecords } from '../services-record.ts';
import { commitFiles } from '../testing/commit-files.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { Checkout } from './checkout.ts';
import { settleCheckouts } from './settle-checkouts.ts';

test('a checkout whose Git was killed with the engine takes up what is new again', async () => {
  const root = await temporaryDirectory();
  const kept = new ServicesRecords(root);
  const { order } = sampleRecord();
  await kept.save(sampleRecord());
  const { checkout: folder, history } = kept.files(order.id);
  const url = await commitFiles(`${root}-origin`, { page: 'one' });
  onTestFinished(async () => await rm(`${root}-origin`, { recursive: true }));
  const { signal } = new AbortController();
  const checkout = new Checkout(folder('web'), history('web'));
  await checkout.clone({ url, branch: null, newFrom: null }, signal);
  await commitFiles(`${root}-origin`, { page: 'two' });
  for (const name of ['index', 'HEAD', 'refs/heads/main', 'refs/remotes/origin/main'])
    await writeFile(`${history('web')}/${name}.lock`, '');
  await expect(checkout.sync(url, { take: true }, signal)).rejects.toMatchObject({
    code: 'repository-failed',
  });
  await settleCheckouts(kept);
  expect(await checkout.sync(url, { take: true }, signal)).toMatchObject({
    standing: 'current',
    dirty: false,
  });
});
