// What a client may say of itself, and no service is to believe. Services trust a proxy before them, and take such a header for its word.
import { bypassName } from './gate/return-path.ts';

/** Headers of requests that no proxy of ours sets, and that reach no service; nor does the token for programs, where nobody asks for it. */
export const clientClaims: readonly string[] = [
  bypassName,
  'Forwarded',
  'X-Forwarded-Ssl',
  'X-Forwarded-User',
  'X-Forwarded-Email',
  'X-Forwarded-Groups',
];

/** Those that Traefik sets or takes away by itself. */
export const claimsOfTraefik: readonly string[] = [
  'X-Real-Ip',
  'X-Forwarded-Port',
  'X-Forwarded-Server',
  'X-Forwarded-Prefix',
  'X-Forwarded-Uri',
  'X-Forwarded-Method',
  'X-Forwarded-Tls-Client-Cert',
  'X-Forwarded-Tls-Client-Cert-Info',
];
