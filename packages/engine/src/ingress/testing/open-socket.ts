import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Opens a WebSocket by way of a proxy on this host. @throws when it is refused, with the status in the message */
export async function openSocket(port: number, host: string, headers: Readonly<Record<string, string>> = {}) {
  const options = { headers: { host, ...headers }, servername: host, rejectUnauthorized: false };
  const socket = new WebSocket(`wss://127.0.0.1:${port}/`, options);
  await once(socket, 'open');
  return {
    /** Gives what is said in return. */
    say: async (text: string): Promise<string> => {
      const answer = once(socket, 'message') as Promise<[Buffer]>;
      socket.send(text);
      return (await answer)[0].toString();
    },
    close: () => socket.close(),
  };
}
