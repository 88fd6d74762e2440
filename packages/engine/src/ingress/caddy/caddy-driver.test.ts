import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../../system/testing/start-program.ts';
import { findProcesses } from '../../system/find-processes.ts';
import { describeIngressDriver } from '../ingress-driver.contract.ts';
import type { Route } from '../ingress-driver.ts';
import { describeIngressLogin } from '../ingress-login.contract.ts';
import type { OpenFixture } from '../testing/ingress-ground.ts';
import { proxyPlaces } from '../testing/proxy-places.ts';
import { CaddyDriver } from './caddy-driver.ts';

const openFixture: OpenFixture = async (gate) => {
  // One proxy for all tests of a suite.
  const { options, remove } = await proxyPlaces(gate);
  const { httpsPort, httpPort } = options;
  return {
    driver: new CaddyDriver(options),
    anotherDriver: () => new CaddyDriver(options),
    ...{ httpsPort, httpPort, remove, leaveGate: () => options.gate.close() },
  };
};

describeIngressDriver(openFixture);
describeIngressLogin(openFixture);

/** A driver with places of its own, whose proxy is gone after the test. */
async function open() {
  const { folder, options, remove } = await proxyPlaces();
  const driver = new CaddyDriver(options);
  onTestFinished(async () => {
    await driver.stop();
    await remove();
  });
  const running = () => {
    const own = (word: string) => word.startsWith(`${folder}/`);
    return findProcesses((words) => words[0] === 'caddy' && words.some(own)).map(
      ({ process }) => process.pid,
    );
  };
  return { options, driver, running };
}

test('a Caddy that an earlier engine started is taken over, and ended, whatever that noted down', async () => {
  const { options, driver, running } = await open();
  await driver.apply([]);
  const first = running();
  expect(first).toHaveLength(1);
  const later = new CaddyDriver(options);
  await later.apply([]);
  expect(running()).toEqual(first);
  await later.stop();
  expect(running()).toEqual([]);
});

test('a pid that is another’s by now is left alone', async () => {
  const { options, driver } = await open();
  const innocent = startProgram(['sleep', '60']);
  await mkdir(options.runFolder);
  await writeFile(`${options.runFolder}/caddy.pid`, String(innocent.pid));
  await driver.apply([]);
  await driver.stop();
  expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
});

const route = (name: string): Route => ({
  ...{ id: name, host: `${name}.localhost`, path: { kind: 'prefix', value: '/' }, login: null },
  target: { kind: 'page', status: 503, title: name, text: '' },
});

test('routes that follow each other at once all get their certificates', async () => {
  const { driver } = await open();
  const routes = ['one', 'two', 'three', 'four'].map(route);
  await Promise.all(routes.map(async (_, index) => await driver.apply(routes.slice(0, index + 1))));
  await expect(driver.certify(routes.map(({ host }) => host))).resolves.toBeUndefined();
});

test('a certificate that does not fit its key is made anew, and keeps no other route from being served', async () => {
  const { options, driver } = await open();
  const [one, two] = [route('one'), route('two')];
  await driver.apply([one, two]);
  await driver.certify([one.host, two.host]);
  await driver.stop();
  const folder = `${options.storage}/certificates/local`;
  await copyFile(`${folder}/${two.host}/${two.host}.key`, `${folder}/${one.host}/${one.host}.key`);
  await driver.apply([one, two]);
  await expect(driver.certify([one.host, two.host])).resolves.toBeUndefined();
});
