import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { DockerApi } from './docker-api.ts';

const close: (() => void)[] = [];
afterEach(() => {
  for (const each of close.splice(0)) each();
});

/** A Docker Engine with containers, by the label that they carry; one that goes while it is asked about is `gone`. */
async function engine(labels: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const socket = `${await temporaryDirectory()}/docker.sock`;
  const rows = Object.entries(labels).map(([Id, owner]) => ({ Id, Labels: { owner } }));
  const server = createServer(({ url = '' }, response) => {
    asked.push(decodeURIComponent(url));
    const [, id = ''] = /containers\/(\w+)\/json$/.exec(url) ?? [];
    const Config = { Image: 'box', Labels: {} };
    const one = { Id: id, Config, State: { Status: 'running', ExitCode: 0 }, NetworkSettings: {} };
    response.statusCode = id === 'gone' ? 404 : 200;
    response.end(JSON.stringify(url.includes('containers/json') ? rows : one));
  });
  server.listen(socket);
  await once(server, 'listening');
  close.push(() => server.close());
  return { api: new DockerApi(socket), lists: () => asked.filter((url) => url.includes('containers/json')) };
}

const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

test('who asks for many has them out of one list, each its own', async () => {
  const { api, lists } = await engine({ one: 'a', two: 'b', three: 'a', gone: 'b' });
  const together = api.inOneList('owner');
  const answers = ['a', 'b', 'c'].map(async (owner) => ids(await together.containers(`owner=${owner}`)));
  expect(await Promise.all(answers)).toEqual([['one', 'three'], ['two'], []]);
  expect(lists()).toEqual(['/v1.41/containers/json?all=true&filters={"label":["owner"]}']);
});

test('the next look is at another list', async () => {
  const { api, lists } = await engine({ one: 'a' });
  for (const _ of [1, 2]) await api.inOneList('owner').containers('owner=a');
  expect(lists()).toHaveLength(2);
});
