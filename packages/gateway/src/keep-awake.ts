import type { WebSocket } from 'ws';

const lookMs = 5000;
/** Looks from one ping of an idle client to the next. */
const idleLooks = 6;

/**
 * Pings an idle client, so that proxies keep the connection and a vanished client is noticed: one that leaves more than `patience`
 * pings unanswered is cut off. One that is paused is not read, also not its answers and its end: only a write tells that it is gone.
 */
export function keepAwake(client: WebSocket, patience = 0): NodeJS.Timeout {
  let unanswered = 0;
  let looks = 0;
  client.on('pong', () => (unanswered = 0));
  return setInterval(() => {
    looks += 1;
    if (!client.isPaused) {
      if (looks % idleLooks !== 0) return;
      if (unanswered > patience) client.terminate();
      unanswered += 1;
    }
    if (client.readyState === client.OPEN) client.ping();
  }, lookMs);
}
