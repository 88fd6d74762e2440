import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startProgram } from '../../system/testing/start-program.ts';
import { newKey } from '../certificates/openssl.ts';
import { describeIngressCertificates } from '../ingress-certificates.contract.ts';
import { describeIngressDriver } from '../ingress-driver.contract.ts';
import type { Route } from '../ingress-driver.ts';
import { describeIngressLogin } from '../ingress-login.contract.ts';
import { startAcmeAuthority } from '../testing/acme-authority.ts';
import { ask, IngressGround, sampleRoute } from '../testing/ingress-ground.ts';
import { openProxy, proxyPlaces } from '../testing/proxy-places.ts';
import { CaddyDriver } from './caddy-driver.ts';

const openFixture = openProxy((options) => new CaddyDriver({ ...options, retryForMs: 800 }));

describeIngressDriver(openFixture);
describeIngressLogin(openFixture);
describeIngressCertificates((options) => new CaddyDriver(options));

/** A driver with places of its own, whose proxy is gone after the test. */
async function open() {
  const { options, processes, remove } = await proxyPlaces();
  const driver = new CaddyDriver(options);
  onTestFinished(async () => {
    await driver.stop();
    await remove();
  });
  const running = () => processes().map(({ pid }) => pid);
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

test('a certificate that does not fit its key does not keep routes from being taken up', async () => {
  const { options, remove } = await proxyPlaces();
  const { directory, authorityFile, stop } = await startAcmeAuthority(options);
  const issuer = { kind: 'acme', directory, email: '', authorityFile } as const;
  const driver = new CaddyDriver({ ...options, certificates: { ...options.certificates, issuer } });
  onTestFinished(async () => {
    await driver.stop();
    await stop();
    await remove();
  });
  const host = 'web.example.org';
  const page = { kind: 'page', status: 503, title: 'there', text: '' } as const;
  const routes = [sampleRoute('web', '', { host, target: page })];
  await driver.apply(routes);
  await driver.certify([host]);
  await driver.stop();
  const [issued = ''] = await readdir(`${options.storage}/certificates`);
  await writeFile(`${options.storage}/certificates/${issued}/${host}/${host}.key`, newKey());
  await driver.apply(routes);
  await driver.certify([host]);
  expect((await ask(options.httpsPort, host)).status).toBe(503);
}, 60_000);

test('its log has nothing of single requests, not even of one whose answer was broken off', async () => {
  const { options, driver } = await open();
  const ground = new IngressGround();
  onTestFinished(() => ground.close());
  const address = await ground.serve((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half of it');
    setTimeout(() => response.destroy(), 20);
  });
  await driver.apply([sampleRoute('broken', address)]);
  await driver.certify(['broken.localhost']);
  const path = '/reset?secret=of-somebody';
  await expect(ask(options.httpsPort, 'broken.localhost', { path })).rejects.toThrow('aborted');
  await driver.stop();
  expect(await readFile(`${options.runFolder}/caddy.log`, 'utf8')).not.toMatch(
    /of-somebody|incomplete response/,
  );
});

test('routes that follow each other at once all get their certificates', async () => {
  const { driver } = await open();
  const routes = ['one', 'two', 'three', 'four'].map((name): Route => ({
    ...{ id: name, host: `${name}.localhost`, path: { kind: 'prefix', value: '/' }, login: null },
    target: { kind: 'page', status: 503, title: name, text: '' },
  }));
  await Promise.all(routes.map(async (_, index) => await driver.apply(routes.slice(0, index + 1))));
  await expect(driver.certify(routes.map(({ host }) => host))).resolves.toBeUndefined();
});
