// The suites of ingress drivers with a real Traefik: what Caddy does, it does too.
import { chmod, copyFile, readFile, stat } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { describeIngressCertificates } from '../../packages/engine/src/ingress/ingress-certificates.contract.ts';
import { describeIngressDriver } from '../../packages/engine/src/ingress/ingress-driver.contract.ts';
import { describeIngressSockets } from '../../packages/engine/src/ingress/ingress-sockets.contract.ts';
import { describeIngressLogin } from '../../packages/engine/src/ingress/ingress-login.contract.ts';
import { ask, sampleRoute } from '../../packages/engine/src/ingress/testing/ingress-ground.ts';
import { openProxy, proxyPlaces } from '../../packages/engine/src/ingress/testing/proxy-places.ts';
import { TraefikDriver } from '../../packages/engine/src/ingress/traefik/traefik-driver.ts';
import { findAccount } from '../../packages/engine/src/system/as-account.ts';
import { findProcesses } from '../../packages/engine/src/system/find-processes.ts';
import { traefikProgram as program } from './support/traefik.ts';

const findProgram = async () => await Promise.resolve(program);
const open = openProxy((options) => new TraefikDriver({ ...options, program: findProgram }));

describeIngressDriver(open);
describeIngressLogin(open);
describeIngressSockets(open, { internal: false });
describeIngressCertificates((options) => new TraefikDriver({ ...options, program: findProgram }));

test('it runs without root’s rights, and reads its keys alone', async () => {
  const { folder, options, remove } = await proxyPlaces();
  await chmod(folder, 0o711);
  await copyFile(program, `${folder}/traefik`);
  await chmod(`${folder}/traefik`, 0o755);
  const account = await findAccount('caddy');
  const own = {
    program: async () => await Promise.resolve(`${folder}/traefik`),
    account: async () => await Promise.resolve(account),
  };
  const driver = new TraefikDriver({ ...options, ...own });
  onTestFinished(async () => {
    await driver.stop();
    await remove();
  });
  const target = { kind: 'page', status: 503, title: 'there', text: '' } as const;
  await driver.apply([sampleRoute('one', '', { target })]);
  await driver.certify(['one.localhost']);
  expect((await ask(options.httpsPort, 'one.localhost')).body).toContain('there');
  const [found] = findProcesses(([word]) => word === `${folder}/traefik`);
  const status = await readFile(`/proc/${found?.process.pid}/status`, 'utf8');
  expect(status).toMatch(new RegExp(`^Uid:\\s+${account?.uid}\\s`, 'm'));
  // net_bind_service alone.
  expect(status).toMatch(/^CapEff:\s+0000000000000400$/m);
  const { mode, uid, gid } = await stat(`${options.runFolder}/traefik.dynamic.yml`);
  expect([mode & 0o777, uid, gid]).toEqual([0o640, 0, account?.gid]);
});
