// Between HTTP and the gate.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GateAnswer, GateRequest } from './gate.ts';

const longestBody = 16 * 1024;

/** A request as the proxy handed it on, without what only the proxy can say of it. */
export function gateRequest(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  of: Pick<GateRequest, 'playground' | 'body'>,
): GateRequest {
  const one = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  return {
    method,
    url,
    host: headers.host ?? '',
    headers: Object.fromEntries(Object.keys(headers).map((name) => [name, one(name)])),
    // The proxy adds the address that it saw at the end.
    client: one('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '',
    ...of,
  };
}

/** What a form sends; null when it is longer than any of ours. */
export async function formOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

export const tooLarge: GateAnswer = { status: 413, headers: {}, body: '' };
/** For a client that went away, or sent what is no address: nobody is let in. */
export const senseless: GateAnswer = { status: 400, headers: {}, body: '' };

export function sendAnswer(response: ServerResponse, { status, headers, body }: GateAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
