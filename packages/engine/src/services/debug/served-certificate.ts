import { connect } from 'node:tls';
import type { ServicesDebug } from '@playhouse/contract/services-debug';

const patienceMs = 3000;

/** The certificate that is served for a host name on this playroom, whoever issued it. */
export async function servedCertificate(
  host: string,
  port: number,
): Promise<ServicesDebug['certificates'][number]> {
  const nothing = { host, issuer: null, notBefore: null, notAfter: null };
  return await new Promise((resolve) => {
    const fail = (error: string) => {
      socket.destroy();
      resolve({ ...nothing, error });
    };
    // It is looked at, not trusted: that of the installation’s own authority is fine.
    const options = { host: '127.0.0.1', port, servername: host, rejectUnauthorized: false };
    const socket = connect(options, () => {
      const { issuer, valid_from, valid_to } = socket.getPeerCertificate();
      socket.destroy();
      const issued = Object.values(issuer ?? {})
        .flat()
        .join(', ');
      resolve({ host, issuer: issued, notBefore: isoOf(valid_from), notAfter: isoOf(valid_to), error: null });
    });
    socket.setTimeout(patienceMs, () => fail('the ingress does not answer'));
    socket.on('error', ({ message }) => fail(message));
  });
}

function isoOf(text: string): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
