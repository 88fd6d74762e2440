// Sends requests to an address at an even rate until its standard input ends, then prints what became of them as JSON; a line before
// that says that the first has come to its end. It runs in the installation’s network namespace: `node load.ts URL REQUESTS-PER-SECOND`.
import { Agent, request } from 'node:https';
import type { LookupFunction } from 'node:net';

const [url = '', rate = ''] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 64, rejectUnauthorized: false });
const bodies: Record<string, number> = {};
const failures: string[] = [];
/** Connections on which there was an answer before. */
const proven = new WeakSet<object>();
let sent = 0;
let resent = 0;
let open = 0;
let begun = false;

function over(): void {
  open--;
  if (!begun) process.stdout.write('begun\n');
  begun = true;
}

function send(again = false): void {
  if (!again) sent++;
  open++;
  const started = performance.now();
  const fail = (why: string) => {
    failures.push(`${Math.round(performance.now() - started)} ms: ${why}`);
    over();
  };
  // What is sent again has a connection of its own: others that nobody used may have been closed, too.
  const connection = again ? { agent: false, rejectUnauthorized: false } : { agent };
  const lookup: LookupFunction = (_host, _options, answer) =>
    answer(null, [{ address: '127.0.0.1', family: 4 }]);
  const asked = request(url, { ...connection, lookup, timeout: 20_000 }, (response) => {
    let body = '';
    const { socket } = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => (body += text));
    response.on('error', (error) => fail(error.message));
    response.on('end', () => {
      proven.add(socket);
      if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
      const said = body.trim().slice(0, 40);
      bodies[said] = (bodies[said] ?? 0) + 1;
      over();
    });
  });
  asked.on('timeout', () => asked.destroy(new Error('no answer in 20 s')));
  asked.on('error', (error: NodeJS.ErrnoException) => {
    // A connection that was closed while nobody used it, in the instant in which somebody does again: HTTP has clients send it anew.
    if (!again && asked.socket && proven.has(asked.socket) && error.code === 'ECONNRESET') {
      resent++;
      open--;
      send(true);
    } else fail(error.message);
  });
  asked.end();
}

const began = performance.now();
const timer = setInterval(() => {
  while (sent < ((performance.now() - began) / 1000) * Number(rate)) send();
}, 5);
process.stdin.resume();
process.stdin.on('end', () => {
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  const finish = setInterval(() => {
    if (open > 0) return;
    clearInterval(finish);
    agent.destroy();
    process.stdout.write(
      JSON.stringify({
        sent,
        resent,
        seconds,
        failed: failures.length,
        failures: failures.slice(0, 5),
        bodies,
      }),
    );
  }, 20);
});
