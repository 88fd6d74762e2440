import { connect } from 'node:net';

/** How long a caller waits, in ms. */
export interface Patience {
  /** For the connection. */
  readonly connectMs: number;
  /**
   * For the greeting of a server that took the connection. Long: whoever hangs up and calls again has a busy machine start a
   * process for each call, and the more calls it is behind, the longer each takes.
   */
  readonly greetingMs: number;
}

const usual: Patience = { connectMs: 2000, greetingMs: 30_000 };

/**
 * What comes back from a port: an SSH server’s greeting, the word that nothing listens, a connection on which no greeting
 * comes, or nothing at all.
 */
export type Answer = 'greeting' | 'refusal' | 'mute' | 'silence';

/** Looks once for an SSH server, and never fails. An abort ends it early, with what is known by then. */
export async function knock(
  host: string,
  port: number,
  signal: AbortSignal,
  { connectMs, greetingMs }: Patience = usual,
): Promise<Answer> {
  const socket = connect({ host, port, signal });
  socket.setTimeout(connectMs);
  let connected = false;
  try {
    return await new Promise<Answer>((resolve) => {
      socket.once('connect', () => {
        connected = true;
        socket.setTimeout(greetingMs);
      });
      socket.once('data', (data) =>
        resolve(data.toString('latin1').startsWith('SSH-') ? 'greeting' : 'mute'),
      );
      socket.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ECONNREFUSED' ? 'refusal' : connected ? 'mute' : 'silence'),
      );
      for (const event of ['timeout', 'close'] as const)
        socket.once(event, () => resolve(connected ? 'mute' : 'silence'));
    });
  } finally {
    socket.destroy();
  }
}
