import type { IngressDriver, Route } from '../ingress-driver.ts';

/** A driver without a proxy: it tells what it is told. */
export function recordingDriver(told: (routes: readonly Route[]) => void) {
  const driver = {
    name: 'recording',
    alive: false,
    apply: async (routes: readonly Route[]) => {
      await Promise.resolve();
      told(routes);
      driver.alive = true;
    },
    certify: async () => {},
    stop: async () => {},
  };
  return driver satisfies IngressDriver;
}
