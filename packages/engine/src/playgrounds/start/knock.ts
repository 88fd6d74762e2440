import { connect } from 'node:net';

const attemptTimeoutMs = 2000;

/** What comes back from a port: an SSH server’s greeting, the word that nothing listens, or nothing of use. */
export type Answer = 'greeting' | 'refusal' | 'silence';

/** Looks once for an SSH server; takes two seconds at most, and never fails. */
export async function knock(host: string, port: number): Promise<Answer> {
  const socket = connect({ host, port, timeout: attemptTimeoutMs });
  try {
    return await new Promise<Answer>((resolve) => {
      socket.once('data', (data) =>
        resolve(data.toString('latin1').startsWith('SSH-') ? 'greeting' : 'silence'),
      );
      socket.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ECONNREFUSED' ? 'refusal' : 'silence'),
      );
      for (const event of ['timeout', 'close'] as const) socket.once(event, () => resolve('silence'));
    });
  } finally {
    socket.destroy();
  }
}
