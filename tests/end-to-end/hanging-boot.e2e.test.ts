// A machine that hangs while it boots, as one of hundreds of emulated ones does by itself.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from './support/installation.ts';
import { smallMachine } from './support/small-machine.ts';
import { until } from './support/until.ts';

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.create({ bootTimeoutSeconds: 60 });
  await installation.startServer();
  await installation.startEngine();
}, 120_000);
afterAll(async () => await installation[Symbol.asyncDispose](), 60_000);

test('it is begun again, and the start succeeds', async () => {
  const { playground, operation } = await installation.start(smallMachine);
  const [{ id }, stateOf] = [playground, async () => (await installation.playground(id)).machines[0]?.state];
  await until('it to boot', async () => (await stateOf()) === 'booting');
  const [hung = Number.NaN] = await installation.machineProcesses();
  process.kill(hung, 'SIGSTOP');
  expect(await installation.ended(operation.id)).toMatchObject({ status: 'succeeded', error: null });
  const { stdout } = await installation.cli('logs', operation.id);
  expect(stdout).toContain('it does not answer; booting it again');
  const running = await installation.machineProcesses();
  expect(running).toHaveLength(1);
  expect(running).not.toContain(hung);
  await installation.destroy(id);
  expect(await installation.leftovers()).toEqual([]);
}, 300_000);
