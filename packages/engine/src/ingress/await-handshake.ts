import { setTimeout } from 'node:timers/promises';
import { connect } from 'node:tls';

const pollMs = 20;
const askTimeoutMs = 20_000;

export interface HandshakeWait {
  readonly port: number;
  readonly timeoutMs: number;
  /** Called before each look but the first, with the hosts that are still missing; what it throws ends the wait. */
  readonly between: (missing: readonly string[], looks: number) => Promise<void>;
}

/** Waits until a proxy greets for all hosts, and gives those for which it does not in time. */
export async function awaitHandshakes(
  hosts: readonly string[],
  { port, timeoutMs, between }: HandshakeWait,
): Promise<readonly string[]> {
  const deadline = performance.now() + timeoutMs;
  let missing = hosts;
  for (let looks = 1; ; looks++) {
    const greeted = await Promise.all(missing.map(async (host) => await greets(port, host)));
    missing = missing.filter((_, index) => greeted[index] === false);
    if (missing.length === 0 || performance.now() > deadline) return missing;
    await setTimeout(pollMs);
    await between(missing, looks);
  }
}

/** True when a TLS handshake for the host succeeds, with a certificate that is for it. */
async function greets(port: number, servername: string): Promise<boolean> {
  return await new Promise((resolve) => {
    // Who signed it does not matter here.
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false });
    socket.setTimeout(askTimeoutMs, () => socket.destroy());
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      resolve(certificate?.checkHost(servername) !== undefined);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
