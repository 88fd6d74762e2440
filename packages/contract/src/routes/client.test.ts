import { expect, test } from 'vitest';
import { createClient, pathOf } from './client.ts';

const endpoint = 'http://127.0.0.1:7700';

function client(respond: (url: string, init?: RequestInit) => Response) {
  const requests: { readonly url: string; readonly init?: RequestInit | undefined }[] = [];
  const send = async (url: string | URL | Request, init?: RequestInit) => {
    requests.push({ url: url as string, init });
    return respond(url as string, init);
  };
  return { requests, call: createClient({ endpoint, token: 'T', fetch: send }) };
}

test('fills in parameters, whatever characters they have', () => {
  expect(pathOf('/api/sources/:name/bake', { name: 'debian-12' })).toBe('/api/sources/debian-12/bake');
  expect(pathOf('/api/x/:a/:b', { a: '../../admin', b: 'a?b#c' })).toBe('/api/x/..%2F..%2Fadmin/a%3Fb%23c');
});

test('appends a query, leaving out what is undefined', () => {
  expect(pathOf('/api/x', {}, { limit: 5, playground: undefined, all: true, text: 'a b&c' })).toBe(
    '/api/x?limit=5&all=true&text=a+b%26c',
  );
  expect(pathOf('/api/x', {}, { limit: undefined })).toBe('/api/x');
});

test('sends token and body, gives the answer', async () => {
  const { requests, call } = client(() => Response.json({ sources: [] }));
  expect(await call('source.list')).toEqual({ sources: [] });
  expect(requests[0]).toMatchObject({
    url: `${endpoint}/api/sources`,
    init: { method: 'GET', headers: { authorization: 'Bearer T' } },
  });
});

test('throws the server’s own error, also one of a later version', async () => {
  const error = { code: 'source-unknown', message: 'There is no such source.', hint: 'Look.' };
  const known = client(() => Response.json({ error }, { status: 422 }));
  await expect(known.call('source.list')).rejects.toMatchObject(error);
  const later = client(() =>
    Response.json({ error: { ...error, code: 'from-the-future' } }, { status: 418 }),
  );
  await expect(later.call('source.list')).rejects.toMatchObject({ message: error.message, hint: error.hint });
});

test('what is not the server is unreachable', async () => {
  const page = client(() => new Response('<html>', { status: 502 }));
  await expect(page.call('source.list')).rejects.toMatchObject({ code: 'server-unreachable' });
  const nobody = client(() => {
    throw new TypeError('fetch failed');
  });
  await expect(nobody.call('source.list')).rejects.toMatchObject({ code: 'server-unreachable' });
});
