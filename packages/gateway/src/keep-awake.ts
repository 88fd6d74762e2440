import type { WebSocket } from 'ws';

const idlePingMs = 30_000;

/**
 * Pings an idle client, so that proxies keep the connection and a vanished client is noticed: one that leaves more than `patience`
 * pings unanswered is cut off.
 */
export function keepAwake(client: WebSocket, patience = 0): NodeJS.Timeout {
  let unanswered = 0;
  client.on('pong', () => (unanswered = 0));
  return setInterval(() => {
    // A paused socket reads no pongs; it is the machine that is slow then.
    if (client.isPaused) return;
    if (unanswered > patience) client.terminate();
    unanswered += 1;
    if (client.readyState === client.OPEN) client.ping();
  }, idlePingMs);
}
