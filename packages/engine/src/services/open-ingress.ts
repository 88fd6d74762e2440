// Puts the ingress together: the proxy, the gate where browsers log in, and what the records of playgrounds say of who is let in.
import type { Configuration } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { SecretBox } from '@playhouse/contract/secret-box';
import { CaddyDriver } from '../ingress/caddy/caddy-driver.ts';
import type { Certificates } from '../ingress/certificates/certificates.ts';
import { LocalAuthority } from '../ingress/certificates/local-authority.ts';
import { Gate } from '../ingress/gate/gate.ts';
import { GateServer } from '../ingress/gate/gate-server.ts';
import { Ingress } from '../ingress/ingress.ts';
import type { IngressDriver } from '../ingress/ingress-driver.ts';
import { TraefikDriver } from '../ingress/traefik/traefik-driver.ts';
import { type Account, findAccount } from '../system/as-account.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import { loginOf, openAccess } from './access/access.ts';
import { runOrFail } from '../system/run.ts';
import type { ServicesRecords } from './services-record.ts';

/** As whom either proxy runs: the account that Caddy’s package makes. */
const proxyUser = 'caddy';

type Settings = Configuration['ingress'];
type Places = Pick<EnginePaths, 'ingress' | 'ingressRun'>;

interface IngressParts {
  readonly box: SecretBox;
  readonly records: ServicesRecords;
  /** Gives the program of Traefik. */
  readonly traefik: () => Promise<string>;
}

/** The ingress of this playroom. Nothing is started before there is a first route. */
export function openIngress(
  settings: Settings,
  paths: Places,
  { box, records, traefik }: IngressParts,
): { readonly ingress: Ingress; readonly leave: () => void } {
  const gate = new Gate({
    playgroundsAt: (host) => ingress.internalAt(host),
    accessOf: (id) => {
      const record = records.find(id);
      return record === null ? null : openAccess({ box }, record);
    },
    now: Date.now,
  });
  const server = new GateServer(gate, `${paths.ingressRun}/gate.sock`);
  const proxies = proxiesOf(settings, paths, { gate: server, traefik });
  const [driver, other] = settings.proxy === 'caddy' ? proxies : proxies.toReversed();
  const ingress: Ingress = new Ingress(inPlaceOf(other, driver), (id) => {
    const record = records.find(id);
    if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
    return loginOf({ box }, record, Date.now());
  });
  return { ingress, leave: () => server.close() };
}

/** Ends the proxy, whichever it is. Silent when none runs. */
export async function releaseIngress(settings: Settings, paths: Places): Promise<void> {
  const nobodys = new Gate({ playgroundsAt: () => [], accessOf: () => null, now: Date.now });
  const gate = new GateServer(nobodys, `${paths.ingressRun}/gate.sock`);
  const nothing = async () => await Promise.reject(new Error('nothing is started any more'));
  for (const driver of proxiesOf(settings, paths, { gate, traefik: nothing })) await driver.stop();
}

function proxiesOf(
  settings: Settings,
  { ingress, ingressRun: runFolder }: Places,
  { gate, traefik: program }: { readonly gate: GateServer; readonly traefik: () => Promise<string> },
): readonly [IngressDriver, IngressDriver] {
  const { httpsPort, httpPort } = settings;
  const authority = new LocalAuthority(`${ingress}/authority`, Date.now);
  const shared = { runFolder, httpsPort, httpPort, authority, gate, certificates: certificatesOf(settings) };
  const caddy = { storage: `${ingress}/caddy`, account: accountFor('Caddy') };
  const traefik = { storage: `${ingress}/traefik`, account: accountFor('Traefik'), program };
  return [new CaddyDriver({ ...shared, ...caddy }), new TraefikDriver({ ...shared, ...traefik })];
}

/** A driver before whose first routes the other proxy, which has the ports, is ended: the configuration may have been another. */
function inPlaceOf(other: IngressDriver, driver: IngressDriver): IngressDriver {
  let alone: Promise<void> | null = null;
  return {
    name: driver.name,
    get alive() {
      return driver.alive;
    },
    apply: async (routes, gently) => {
      alone ??= makeReady(other).catch((error: unknown) => {
        alone = null;
        throw error;
      });
      await alone;
      await driver.apply(routes, gently);
    },
    certify: async (hosts) => await driver.certify(hosts),
    stop: async () => await driver.stop(),
  };
}

async function makeReady(other: IngressDriver): Promise<void> {
  await other.stop();
  // A Caddy that takes up other routes listens with another socket, beside the one before. Without this the kernel drops the
  // connections that wait at that one; kernels before 5.14 do not know it.
  await runOrFail(['sysctl', '-e', '-q', '-w', 'net.ipv4.tcp_migrate_req=1']);
}

function certificatesOf(settings: Settings): Certificates {
  const { certificates, certificateFile, keyFile } = settings;
  const { acmeDirectory: directory, acmeEmail: email, acmeAuthorityFile: authorityFile } = settings;
  const acme = { kind: 'acme', directory, email, authorityFile } as const;
  return { issuer: certificates === 'acme' ? acme : { kind: 'internal' }, certificateFile, keyFile };
}

function accountFor(proxy: string): () => Promise<Account> {
  return async () => {
    const account = await findAccount(proxyUser);
    if (account !== null) return account;
    const detail = `there is no user ${proxyUser}, as whom it runs: Caddy is not installed`;
    throw new PlayhouseError('ingress-failed', { proxy, detail });
  };
}
