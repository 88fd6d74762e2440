// Puts the ingress together: the proxy, the gate where browsers log in, and what the records of playgrounds say of who is let in.
import type { Configuration } from '@playhouse/contract/configuration';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { CaddyDriver, type CaddyOptions } from '../ingress/caddy/caddy-driver.ts';
import type { Certificates } from '../ingress/certificates/certificates.ts';
import { LocalAuthority } from '../ingress/certificates/local-authority.ts';
import { Gate } from '../ingress/gate/gate.ts';
import { GateServer } from '../ingress/gate/gate-server.ts';
import { Ingress } from '../ingress/ingress.ts';
import { type Account, findAccount } from '../system/as-account.ts';
import type { EnginePaths } from '../system/engine-paths.ts';
import type { SecretBox } from '../system/secret-box.ts';
import { loginOf, openAccess } from './access/access.ts';
import type { ServicesRecords } from './services-record.ts';

const caddyUser = 'caddy';

type Places = Pick<EnginePaths, 'ingress' | 'ingressRun'>;

/** The ingress of this playroom, with its gate. Nothing is started before there is a first route. */
export function openIngress(
  configuration: Configuration['ingress'],
  paths: Places,
  { box, records }: { readonly box: SecretBox; readonly records: ServicesRecords },
): { readonly ingress: Ingress; readonly gate: GateServer } {
  const gate = new Gate({
    playgroundsAt: (host) => ingress.internalAt(host),
    accessOf: (id) => {
      const record = records.find(id);
      return record === null ? null : openAccess({ box }, record);
    },
    now: Date.now,
  });
  const server: GateServer = new GateServer(gate, gateSocket(paths));
  const driver = new CaddyDriver(caddyOptions(configuration, paths, server));
  const ingress: Ingress = new Ingress(driver, (id) => {
    const record = records.find(id);
    if (record === null) throw new PlayhouseError('playground-unknown', { reference: id });
    return loginOf({ box }, record, Date.now());
  });
  return { ingress, gate: server };
}

/** Ends the proxy. Silent when none runs. */
export async function releaseIngress(configuration: Configuration['ingress'], paths: Places): Promise<void> {
  const gate = { socket: gateSocket(paths), open: async () => {} };
  await new CaddyDriver(caddyOptions(configuration, paths, gate)).stop();
}

function caddyOptions(
  configuration: Configuration['ingress'],
  { ingress, ingressRun: runFolder }: Places,
  gate: CaddyOptions['gate'],
): CaddyOptions {
  const { httpsPort, httpPort } = configuration;
  const certificates = certificatesOf(configuration);
  const authority = new LocalAuthority(`${ingress}/authority`, Date.now);
  const folders = { storage: `${ingress}/caddy`, runFolder };
  return { ...folders, httpsPort, httpPort, certificates, authority, gate, account: caddyAccount };
}

function certificatesOf(configuration: Configuration['ingress']): Certificates {
  const { certificates, certificateFile, keyFile } = configuration;
  const { acmeDirectory: directory, acmeEmail: email, acmeAuthorityFile: authorityFile } = configuration;
  const acme = { kind: 'acme', directory, email, authorityFile } as const;
  return { issuer: certificates === 'acme' ? acme : { kind: 'internal' }, certificateFile, keyFile };
}

function gateSocket({ ingressRun }: Places): string {
  return `${ingressRun}/gate.sock`;
}

/** The account that Caddy’s package makes. */
async function caddyAccount(): Promise<Account> {
  const account = await findAccount(caddyUser);
  if (account !== null) return account;
  const detail = `there is no user ${caddyUser}: Caddy is not installed`;
  throw new PlayhouseError('ingress-failed', { proxy: 'Caddy', detail });
}
