// Where the certificates of addresses come from, as a suite that runs over each ingress driver with the real proxy, and a real
// authority that speaks ACME.
import type { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { Certificates } from './certificates/certificates.ts';
import { newKey, writeAuthority, writeCertificate } from './certificates/openssl.ts';
import type { IngressDriver } from './ingress-driver.ts';
import { startAcmeAuthority, refusedHost } from './testing/acme-authority.ts';
import { ask, IngressGround, sampleRoute } from './testing/ingress-ground.ts';
import { proxyPlaces } from './testing/proxy-places.ts';

type Places = Awaited<ReturnType<typeof proxyPlaces>>;
const internal = { issuer: { kind: 'internal' }, certificateFile: '', keyFile: '' } as const;

/** Registers the suite; `makeDriver` makes a driver with places of its own. */
export function describeIngressCertificates(makeDriver: (options: Places['options']) => IngressDriver): void {
  /** A proxy that serves hosts; gives the certificate that it shows for each. */
  const open = async (certificatesOf: (options: Places['options']) => Promise<Certificates>) => {
    const { options, remove } = await proxyPlaces();
    const certificates = await certificatesOf(options);
    const driver = makeDriver({ ...options, certificates });
    const ground = new IngressGround();
    onTestFinished(async () => {
      ground.close();
      await driver.stop();
      await remove();
    });
    const address = await ground.serve('served');
    const serve = async (...hosts: string[]) =>
      await driver.apply(hosts.map((host, index) => sampleRoute(`r${index}`, address, { host })));
    return {
      driver,
      serve,
      port: options.httpsPort,
      shown: async (host: string) => await shown(options.httpsPort, host),
    };
  };

  /** A certificate for hosts in files. */
  const ownCertificate = async (hosts: readonly string[], days = 2) => {
    const folder = await mkdtemp('/tmp/playhouse-certificate-');
    onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
    const files = { keyFile: `${folder}/own.key`, certificateFile: `${folder}/own.pem` };
    const [authorityKeyFile, authorityFile] = [`${folder}/ca.key`, `${folder}/ca.pem`];
    for (const file of [files.keyFile, authorityKeyFile]) await writeFile(file, newKey(), { mode: 0o600 });
    await writeAuthority('Authority of the house', 2, {
      keyFile: authorityKeyFile,
      certificateFile: authorityFile,
    });
    await writeCertificate(hosts, days, { ...files, authorityKeyFile, authorityFile });
    return { files, folder };
  };

  test('the authority of the installation signs for a host what fits it, and stays the same', async () => {
    const { driver, serve, shown: see } = await open(async () => internal);
    await serve('one.localhost');
    await driver.certify(['one.localhost']);
    const first = await see('one.localhost');
    expect(first.checkHost('one.localhost')).toBe('one.localhost');
    await driver.stop();
    await serve('one.localhost', 'two.localhost');
    await driver.certify(['one.localhost', 'two.localhost']);
    expect((await see('two.localhost')).checkHost('two.localhost')).toBe('two.localhost');
    expect((await see('one.localhost')).fingerprint256).toBe(first.fingerprint256);
  });

  test('a wildcard certificate of one’s own is shown for the hosts that it fits, and no others', async () => {
    const { files } = await ownCertificate(['*.play.example.org', 'play.example.org']);
    const { driver, serve, shown: see } = await open(async () => ({ ...internal, ...files }));
    const hosts = ['web-shop.play.example.org', 'play.example.org', 'other.example.org'];
    await serve(...hosts);
    await driver.certify(hosts);
    const issuers = await Promise.all(hosts.map(async (host) => (await see(host)).issuer));
    expect(issuers.slice(0, 2)).toEqual(['CN=Authority of the house', 'CN=Authority of the house']);
    expect(issuers[2]).not.toBe('CN=Authority of the house');
  });

  test('one that cannot be used is told with the reason, and the rest is served without it', async () => {
    const { files, folder } = await ownCertificate(['*.play.example.org']);
    await writeFile(`${folder}/other.key`, newKey());
    const certificates = { ...internal, ...files, keyFile: `${folder}/other.key` };
    const { driver, serve, port } = await open(async () => certificates);
    await serve('web.play.example.org', 'one.localhost');
    const refused = await driver.certify(['web.play.example.org']).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'certificate-unfit' });
    expect(String(refused)).toContain('its key is not that of');
    await expect
      .poll(async () => await ask(port, 'one.localhost').catch(() => null), { timeout: 8000 })
      .toMatchObject({ status: 200 });
  });

  test('an authority that speaks ACME signs for hosts that it has reached; local names are the installation’s', async () => {
    const { driver, serve, shown: see } = await open(async (options) => await acme(options));
    const hosts = ['web-shop.example.org', 'one.localhost'];
    await serve(...hosts);
    await driver.certify(hosts);
    expect((await see('web-shop.example.org')).issuer).toContain('Pebble');
    expect((await see('one.localhost')).issuer).not.toContain('Pebble');
  }, 60_000);

  test('a host that an authority refuses is named with its reason, and keeps no other from being served', async () => {
    const { driver, serve, port } = await open(async (options) => await acme(options));
    await serve(refusedHost, 'web-shop.example.org');
    const refused = await driver.certify([refusedHost]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'certificate-refused' });
    expect(String(refused)).toContain(refusedHost);
    expect(String(refused)).toMatch(/policy|rejectedIdentifier/i);
    await driver.certify(['web-shop.example.org']);
    expect((await ask(port, 'web-shop.example.org')).status).toBe(200);
  }, 60_000);

  const acme = async (options: Places['options']): Promise<Certificates> => {
    const { directory, authorityFile, stop } = await startAcmeAuthority(options);
    onTestFinished(stop);
    return { ...internal, issuer: { kind: 'acme', directory, email: 'ops@example.org', authorityFile } };
  };
}

async function shown(port: number, servername: string): Promise<X509Certificate> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate) resolve(certificate);
      else reject(new Error('no certificate'));
    });
    socket.once('error', reject);
  });
}
