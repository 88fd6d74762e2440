import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { findProcesses } from '../../system/find-processes.ts';
import type { Certificates } from '../certificates/certificates.ts';
import { LocalAuthority } from '../certificates/local-authority.ts';
import { Gate } from '../gate/gate.ts';
import type { IngressDriver } from '../ingress-driver.ts';
import type { OpenFixture } from './ingress-ground.ts';
import { GateServer } from '../gate/gate-server.ts';
import { untakenPort } from '../../system/testing/untaken-port.ts';

const internal: Certificates = { issuer: { kind: 'internal' }, certificateFile: '', keyFile: '' };

/** Nobody has a login there. */
const nobodysGate = new Gate({ playgroundsAt: () => [], accessOf: () => null, now: Date.now });

/** A folder and two ports for a proxy of a test; below the range from which the kernel hands out ports of its own accord. */
export async function proxyPlaces(gate: Gate = nobodysGate) {
  const folder = await mkdtemp(`${tmpdir()}/playhouse-ingress-`);
  const server = new GateServer(gate, `${folder}/run/gate.sock`);
  const options = {
    storage: `${folder}/storage`,
    runFolder: `${folder}/run`,
    httpsPort: await untakenPort(20_000, 26_000),
    httpPort: await untakenPort(26_000, 32_000),
    certificates: internal,
    authority: new LocalAuthority(`${folder}/authority`, Date.now),
    gate: server,
    account: async () => await Promise.resolve(null),
  };
  /** What runs with a configuration of this folder. */
  const processes = () =>
    findProcesses(
      ([program = '', ...words]) =>
        program !== 'env' && words.some((word) => word.includes(`${folder}/run/`)),
    ).map(({ process }) => process);
  const remove = async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { folder, options, processes, remove };
}

/** A fixture of the suites: one proxy for all tests of a suite. */
export function openProxy(
  make: (options: Awaited<ReturnType<typeof proxyPlaces>>['options']) => IngressDriver,
): OpenFixture {
  return async (gate) => {
    const { options, processes, remove } = await proxyPlaces(gate);
    const { httpsPort, httpPort } = options;
    return {
      driver: make(options),
      anotherDriver: () => make(options),
      ...{ httpsPort, httpPort, processes, remove, leaveGate: () => options.gate.close() },
    };
  };
}
