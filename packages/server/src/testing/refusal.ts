import type { WebSocket } from 'ws';

/** Status and code of the HTTP response that a WebSocket was refused with. */
export async function refusal(socket: WebSocket): Promise<readonly [number | undefined, string]> {
  return await new Promise((resolve) => {
    socket.once('error', () => undefined);
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (data) => (text += String(data)));
      response.on('end', () => {
        const { error } = JSON.parse(text) as { error: { code: string } };
        resolve([response.statusCode, error.code]);
      });
    });
  });
}
