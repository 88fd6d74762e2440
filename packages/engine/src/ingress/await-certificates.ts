import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { readTextIfPresent } from '../system/durable-file.ts';
import { awaitHandshakes } from './await-handshake.ts';
import { readOwnCertificate } from './certificates/certificates.ts';
import type { ProxyOptions } from './proxy-options.ts';
import { type ReadRefusal, refusalsIn } from './refusals.ts';

/** How long an authority may take to look at a host and sign. */
const certificateTimeoutMs = 90_000;

export interface ProxyLog {
  readonly file: string;
  readonly refusal: ReadRefusal;
}

/**
 * Waits until a proxy has certificates for all hosts; `between` is called before each look but the first, with how many there were.
 * @throws PlayhouseError certificate-unfit, certificate-refused with what its log says
 */
export async function awaitCertificates(
  hosts: readonly string[],
  { httpsPort: port, certificates }: Pick<ProxyOptions, 'httpsPort' | 'certificates'>,
  log: ProxyLog,
  between: (looks: number) => Promise<void> = async () => {},
): Promise<void> {
  // Why the administrator’s certificate is no good is told to whoever needs it; what runs does without.
  await readOwnCertificate(certificates, Date.now());
  const since = Date.now();
  const look = async (missing: readonly string[], looks: number) => {
    const said = (await readTextIfPresent(log.file)) ?? '';
    for (const [host, detail] of refusalsIn(said, log.refusal, missing, since))
      throw new PlayhouseError('certificate-refused', { host, detail });
    await between(looks);
  };
  const [host] = await awaitHandshakes(hosts, { port, timeoutMs: certificateTimeoutMs, between: look });
  if (host === undefined) return;
  const detail = `there is none after ${certificateTimeoutMs / 1000} s`;
  throw new PlayhouseError('certificate-refused', { host, detail });
}
