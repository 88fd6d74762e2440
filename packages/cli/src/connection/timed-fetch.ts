/**
 * `fetch` that gives up after a while, also when something accepts the connection and then stays silent (another program on
 * the server's port does). The client reports that as `server-unreachable`.
 */
export function timedFetch(milliseconds: number): typeof fetch {
  return (input, init = {}) => {
    const timeout = AbortSignal.timeout(milliseconds);
    return fetch(input, { ...init, signal: init.signal ? AbortSignal.any([init.signal, timeout]) : timeout });
  };
}

/** For ordinary requests: longer than the server itself waits for its engine. */
export const requestPatience = 60_000;
