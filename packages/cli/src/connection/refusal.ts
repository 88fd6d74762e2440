import { type ErrorBody, fromErrorBody, PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { WebSocket } from 'ws';

/** Rejects with the server's own error when it turns a WebSocket down before the upgrade, or cannot be reached; never resolves. */
export function refusal(webSocket: WebSocket, endpoint: string): Promise<never> {
  return new Promise((_, reject) => {
    webSocket.on('unexpected-response', (request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        reject(parseRefusal(body) ?? new PlayhouseError('server-unreachable', { endpoint }));
        request.destroy();
      });
    });
    webSocket.on('error', (cause) => {
      if (webSocket.readyState !== webSocket.OPEN)
        reject(new PlayhouseError('server-unreachable', { endpoint }, { cause }));
    });
  });
}

/** The error of an answer's body; null when it is none. */
export function parseRefusal(text: string): PlayhouseError | null {
  try {
    const value = JSON.parse(text) as { error?: ErrorBody } | null;
    return value?.error ? fromErrorBody(value.error) : null;
  } catch {
    return null;
  }
}
