import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describeIngressDriver } from '../ingress-driver.contract.ts';
import { CaddyDriver } from './caddy-driver.ts';

describeIngressDriver(async () => {
  // One proxy for all tests of the suite.
  const folder = await mkdtemp(`${tmpdir()}/playhouse-caddy-`);
  const [httpsPort, httpPort] = [randomInt(30_000, 40_000), randomInt(40_000, 50_000)];
  const places = { storage: `${folder}/storage`, runFolder: `${folder}/run` };
  const options = { ...places, httpsPort, httpPort, account: async () => null };
  return {
    driver: new CaddyDriver(options),
    anotherDriver: () => new CaddyDriver(options),
    httpsPort,
    remove: async () => await rm(folder, { recursive: true, force: true }),
  };
});
