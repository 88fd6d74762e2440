// A whole installation whose addresses Traefik serves.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Registry } from './support/registry.ts';
import { describeServedLife } from './support/served-life.ts';
import { ServicesGround } from './support/services-ground.ts';
import { traefikProgram } from './support/traefik.ts';
import { describeWhoIsLetIn } from './support/who-is-let-in.ts';

describeServedLife('traefik');
describeWhoIsLetIn('traefik');

test('where it is not installed, it is taken out of its image', async () => {
  const traefikImage = '127.0.0.1:5000/traefik:v3';
  await using ground = await ServicesGround.prepare([], { proxy: 'traefik', traefikImage });
  const { installation } = ground;
  await ground.define(
    'street',
    'services: { web: { image: "box:1", command: httpd -f -p 80, labels: { playgrounds.port: 80 } } }',
  );
  const client = await installation.client();
  const begun = await client('playground.start', { body: { playspec: 'street', authorizedKeys: [] } });
  expect(await installation.ended(begun.operation.id)).toMatchObject({
    status: 'failed',
    error: {
      code: 'ingress-failed',
      step: 'Starting the proxy',
      message: expect.stringContaining(traefikImage) as string,
    },
  });
  await using registry = await Registry.start(installation, 5000);
  const program = { name: 'usr/local/bin/traefik', mode: 0o755, content: await readFile(traefikProgram) };
  await registry.push('traefik:v3', [[program]]);
  const parameters = { playground: begun.playground.id };
  const retried = await client('playground.retry', { parameters });
  expect(await installation.ended(retried.operation.id)).toMatchObject({ status: 'succeeded', error: null });
  expect((await ground.visit('https://web-street.localhost/')).status).toBe(401);
  // Nothing but the program is kept of it.
  expect(await ground.docker('ps', '--all', '--quiet', '--filter', 'name=traefik')).toBe('');
  expect(await ground.docker('image', 'ls', '--quiet', traefikImage)).toBe('');
}, 240_000);
