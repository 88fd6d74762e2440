// Stands between an engine and its S3 server, as a process in the engine’s network namespace: `PORT SOCKET`. Each line that it is
// sent is what it does to requests from then on; nothing is `none`.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import type { LineFault } from './vault-line.ts';

const [port = '', socketPath = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const silent = new Set<ServerResponse>();
let fault: LineFault = 'none';

/** A bit in the middle is another one. */
function flip(bytes: Buffer): Buffer {
  const at = bytes.byteLength >> 1;
  const flipped = Buffer.from(bytes);
  if (flipped.byteLength > 0) flipped[at] = (flipped[at] ?? 0) ^ 4;
  return flipped;
}

function passOn(asked: IncomingMessage, answer: ServerResponse, done: LineFault): void {
  const { method, url, headers } = asked;
  const upstream = request({ socketPath, agent, method, path: url, headers }, (found) => {
    const chunks: Buffer[] = [];
    found.on('data', (chunk: Buffer) => chunks.push(chunk));
    found.on('error', () => answer.destroy());
    found.on('end', () => {
      const whole = Buffer.concat(chunks);
      answer.writeHead(found.statusCode ?? 502, found.headers);
      if (done === 'truncates' && whole.byteLength > 1) {
        answer.write(whole.subarray(0, whole.byteLength >> 1), () => answer.destroy());
      } else answer.end(done === 'flips' && method === 'GET' ? flip(whole) : whole);
    });
  });
  upstream.on('error', () => answer.destroy());
  // Of a request that is cut off the server has seen the beginning.
  if (done === 'truncates' && method === 'PUT') {
    asked.once('data', (chunk: Buffer) =>
      upstream.write(chunk.subarray(0, chunk.byteLength >> 1), () => {
        upstream.destroy();
        answer.destroy();
      }),
    );
  } else asked.pipe(upstream);
}

const server = createServer((asked, answer) => {
  if (fault !== 'none') console.log(fault);
  if (fault === 'stalls') silent.add(answer);
  else if (fault === 'errors') {
    asked.resume();
    answer.writeHead(503, { 'content-type': 'application/xml' });
    answer.end('<Error><Code>SlowDown</Code><Message>on purpose</Message></Error>');
  } else passOn(asked, answer, fault);
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));

createInterface({ input: process.stdin })
  .on('line', (line) => {
    fault = line as LineFault;
    for (const answer of silent) answer.destroy();
    silent.clear();
  })
  .on('close', () => process.exit());
