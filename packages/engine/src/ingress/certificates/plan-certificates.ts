import type { Route } from '../ingress-driver.ts';
import type { ProxyOptions } from '../proxy-options.ts';
import { isForAcme, readOwnCertificate } from './certificates.ts';

/** The hosts that the proxy gets certificates for by itself, and the certificates that it is given for all others. */
export async function planCertificates(
  routes: readonly Route[],
  { certificates, authority }: Pick<ProxyOptions, 'certificates' | 'authority'>,
) {
  // What is wrong with the administrator’s own is told to whoever needs it, not to everybody.
  const own = await readOwnCertificate(certificates, Date.now()).catch(() => null);
  const hosts = [...new Set(routes.map(({ host }) => host))];
  const automatic = hosts.filter((host) => isForAcme(certificates, own, host));
  const local = hosts.filter((host) => !automatic.includes(host) && own?.fits(host) !== true);
  const given = [...(own === null ? [] : [own]), ...(await authority.certificatesFor(local))];
  return { automatic, given } as const;
}
