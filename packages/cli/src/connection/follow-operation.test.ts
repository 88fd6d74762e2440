import type { Operation } from '@playhouse/contract/operation';
import { createClient } from '@playhouse/contract/routes/client';
import { afterEach, expect, test } from 'vitest';
import { type FakeApi, type FakeRoutes, startFakeApi } from '../testing/fake-api.ts';
import { sampleOperation } from '../testing/samples.ts';
import { followOperation } from './follow-operation.ts';

let api: FakeApi | null = null;
afterEach(() => api?.close());

const running: Operation = { ...sampleOperation, status: 'running', endedAt: null };
const event = (operation: Operation) =>
  JSON.stringify({ sequence: 1, at: operation.updatedAt, kind: 'operation', operation });

function follow(signal = new AbortController().signal): Promise<Operation> {
  const endpoint = api?.endpoint ?? '';
  const connection = {
    endpoint,
    token: 't',
    tokenOrigin: null,
    client: createClient({ endpoint, token: 't' }),
  };
  return followOperation(connection, {
    operation: running,
    onUpdate: () => undefined,
    signal,
    pollEvery: 20,
  });
}

test('follows the event feed of the operation to its end, with the token in the header', async () => {
  let asked: unknown[] = [];
  api = await startFakeApi({}, (socket, request) => {
    asked = [request.url, request.headers.authorization];
    socket.send(event({ ...sampleOperation, id: 'f'.repeat(24) }));
    socket.send(event(running));
    setTimeout(() => socket.send(event(sampleOperation)), 30);
  });
  expect(await follow()).toEqual(sampleOperation);
  expect(asked).toEqual([`/api/events?operation=${running.id}`, 'Bearer t']);
});

test('asks again and again when there is no feed', async () => {
  let left = 3;
  const routes: FakeRoutes = {
    'operation.get': () => ({ operation: (left -= 1) > 0 ? running : sampleOperation }),
  };
  api = await startFakeApi(routes);
  expect(await follow()).toEqual(sampleOperation);
  expect(left).toBe(0);
});

test('goes on by asking when the feed breaks half-way', async () => {
  api = await startFakeApi({ 'operation.get': () => ({ operation: sampleOperation }) }, (socket) => {
    socket.send(event(running));
    setTimeout(() => socket.terminate(), 20);
  });
  expect(await follow()).toEqual(sampleOperation);
});

test('an abort ends the watching at once', async () => {
  const controller = new AbortController();
  api = await startFakeApi({}, () => setTimeout(() => controller.abort(), 20));
  await expect(follow(controller.signal)).rejects.toMatchObject({ name: 'Interrupted' });
});
