import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { probeHttp } from './probe.ts';

async function serve(answer: (path: string) => number | null) {
  const server = createServer((request, response) => {
    const status = answer(request.url ?? '');
    if (status !== null) response.writeHead(status).end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return async (path: string) => await probeHttp({ address: '127.0.0.1', port, path, timeoutMs: 200 });
}

test('what answers below 400 is well; anything else says what was wrong', async () => {
  const ask = await serve((path) => ({ '/up': 204, '/moved': 302, '/sick': 500 })[path] ?? null);
  expect(await ask('/up')).toBeNull();
  expect(await ask('/moved')).toBeNull();
  expect(await ask('/sick')).toMatch(/^GET http:.*\/sick answered 500$/);
  expect(await ask('/silent')).toContain('in time');
  const nobody = await probeHttp({ address: '127.0.0.1', port: 1, path: '/', timeoutMs: 200 });
  expect(nobody).toContain('ECONNREFUSED');
});
