import { expect, test } from 'vitest';
import { staticConfig } from './traefik-config.ts';

test('a large upload may take its time: Traefik’s own limit is a minute for the whole of a request', () => {
  const files = { dynamicFile: '/run/dynamic.yml', acmeFile: '/run/acme.json' };
  const config = staticConfig(
    { httpsPort: 443, httpPort: 80, statusPort: 1, ...files },
    { kind: 'internal' },
  );
  expect(config).toMatchObject({
    entryPoints: { websecure: { transport: { respondingTimeouts: { readTimeout: '10m' } } } },
  });
});
