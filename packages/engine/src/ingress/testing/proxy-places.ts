import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

/** A folder and two ports for a proxy of a test; below the range from which the kernel hands out ports of its own accord. */
export async function proxyPlaces() {
  const folder = await mkdtemp(`${tmpdir()}/playhouse-ingress-`);
  const options = {
    storage: `${folder}/storage`,
    runFolder: `${folder}/run`,
    httpsPort: randomInt(20_000, 26_000),
    httpPort: randomInt(26_000, 32_000),
    account: async () => await Promise.resolve(null),
  };
  return { folder, options, remove: async () => await rm(folder, { recursive: true, force: true }) };
}
