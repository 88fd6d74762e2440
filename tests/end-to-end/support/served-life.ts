// The life of a Compose playground as those see it who visit its addresses, with a whole installation and whichever proxy.
import { describe, expect, test, vi } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { findProcesses } from '../../../packages/engine/src/system/find-processes.ts';
import { killAndWait } from '../../../packages/engine/src/system/process-identity.ts';
import type { InstallationOptions } from './installation-options.ts';
import { runOk } from './process.ts';
import { type GroundClient, prepareGround } from './prepare-ground.ts';
import type { ServicesGround } from './services-ground.ts';
import { neverAway, wellDockerfile } from './site.ts';
import { type LoadReport, underLoad } from './under-load.ts';

const well = { status: 'succeeded', error: null };
const app = 'https://app-street.localhost/';
const admin = 'https://admin-street.localhost/';
/** Of RFC 6455, for the key that it gives as a sample. */
const accept = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
/** Takes one WebSocket, says after it what it hears, and closes. */
const talker = String.raw`#!/bin/sh
while read -r line && [ "$$line" != "$$(echo -e '\r')" ]; do :; done
echo -en 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n'
read -r word && echo "you said $$word"
`;

const street = (repository: string) => `
services:
  web:
    build: .
    stop_grace_period: 1s
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.subdomain: app
      playgrounds.path_rule: "!PathPrefix(\`/api\`)"
      ${neverAway}
  api:
    image: box:1
    command: sh -c 'sleep 3; mkdir /www/api; echo from the api > /www/api/index.html; exec httpd -f -p 8080 -h /www'
    stop_grace_period: 1s
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:8080/api/"], interval: 1s, retries: 20 }
    labels: { playgrounds.port: 8080, playgrounds.visibility: external, playgrounds.subdomain: app, playgrounds.path_rule: /api }
  talk:
    image: box:1
    command: nc -ll -p 81 -e /talker
    stop_grace_period: 1s
    configs: [{ source: talker, target: /talker, mode: 0555 }]
    labels: { playgrounds.port: 81, playgrounds.visibility: external }
  admin:
    image: box:1
    command: sh -c 'echo for the owner > /www/index.html; exec httpd -f -p 80 -h /www'
    stop_grace_period: 1s
    labels: { playgrounds.port: 80 }
configs:
  talker:
    content: |
${talker.replaceAll(/^/gm, '      ')}
`;

export function describeServedLife(proxy: NonNullable<InstallationOptions['proxy']>): void {
  describe(`a playground behind ${proxy}`, () => {
    let ground: ServicesGround;
    let client: GroundClient;
    let playground: Playground;

    prepareGround((prepared) => void ({ ground, client } = prepared), [], { proxy });

    const ended = async ({ id }: { readonly id: string }) =>
      expect(await ground.installation.ended(id)).toMatchObject(well);
    /** Waits until that is what is to be seen at an address. */
    const shows = async (url: string, status: number, text: string) =>
      await vi.waitFor(
        async () => {
          const page = await ground.visit(url);
          expect({ url, ...page }).toEqual({ url, status, body: expect.stringContaining(text) });
        },
        { timeout: 30_000, interval: 100 },
      );
    const proxies = () => {
      const folder = `${ground.installation.state}/run/ingress/`;
      return findProcesses(
        ([program = '', ...words]) => program.endsWith(proxy) && words.some((word) => word.includes(folder)),
      );
    };

    test('its address says that it is starting, and then leads to it', async () => {
      const files = { Dockerfile: wellDockerfile, 'index.html': 'one\n' };
      await ground.define('street', street(await ground.repository('street', files)));
      const begun = await client('playground.start', { body: { playspec: 'street', authorizedKeys: [] } });
      await shows(`${app}api/`, 503, 'is starting');
      await ended(begun.operation);
      playground = begun.playground;
      expect(await ground.visit(app)).toEqual({ status: 200, body: 'one\n' });
      expect(proxies()).toHaveLength(1);
    }, 120_000);

    test('requests to a host go by their paths, and those in plain are led to it', async () => {
      expect((await ground.visit(`${app}index.html`)).body).toBe('one\n');
      expect((await ground.visit(`${app}api/`)).body).toBe('from the api\n');
      const plain = await ground.installation.fetch('http://127.0.0.1/', {
        headers: { Host: new URL(app).host },
      });
      expect([301, 308]).toContain(plain.status);
    }, 60_000);

    test('a WebSocket goes through, both ways', async () => {
      const script = new URL('talk-inside.ts', import.meta.url).pathname;
      const words = [process.execPath, script, 'talk-street.localhost', 'hello'];
      const said = await runOk([...ground.installation.inNetns, ...words]);
      expect(said).toMatch(/^HTTP\/1\.1 101 /);
      expect(said).toContain(`${accept}\r\n`);
      expect(said).toMatch(/\r\n\r\nyou said hello\n$/);
    }, 60_000);

    test('an internal service lets in whoever has the password', async () => {
      const said = await ground.installation.cli('playground', 'password', playground.id, '--json');
      const { user, password } = JSON.parse(said.stdout) as { user: string; password: string };
      expect((await ground.visit(admin)).status).toBe(401);
      expect((await ground.visit(admin, `${user}:wrong`)).status).toBe(401);
      expect(await ground.visit(admin, `${user}:${password}`)).toEqual({
        status: 200,
        body: 'for the owner\n',
      });
    }, 60_000);

    test('a rollout loses no request', async () => {
      await ground.commit('street', { 'index.html': 'two\n' });
      const load = await underLoad(ground.installation, app, 50, async () => {
        const parameters = { playground: playground.id };
        const body = { upgrade: false, variables: {}, environment: {}, services: {} };
        await ended((await client('playground.rollout', { parameters, body })).operation);
      });
      expect(load).toMatchObject({ failed: 0, failures: [], bodies: { one: expect.any(Number) } });
      expect((await ground.visit(app)).body).toBe('two\n');
    }, 120_000);

    test('no request is lost while others come and go', async () => {
      await ground.define(
        'lane',
        'services: { web: { image: "box:1", command: sleep 1000, stop_grace_period: 1s, labels: { playgrounds.port: 80 } } }',
      );
      const { installation } = ground;
      const { stdout } = await installation.cli('playground', 'password', playground.id, '--json');
      const { user, password } = JSON.parse(stdout) as { user: string; password: string };
      const internal = admin.replace('//', `//${user}:${password}@`);
      const comeAndGo = async () => {
        for (let count = 0; count < 3; count++) {
          const { id } = await ground.start('lane');
          expect((await installation.destroy(id)).status).toBe('succeeded');
        }
      };
      let inside: LoadReport | undefined;
      const load = await underLoad(
        installation,
        app,
        100,
        async () => void (inside = await underLoad(installation, internal, 50, comeAndGo)),
      );
      expect(load).toMatchObject({ failed: 0, failures: [] });
      expect(inside).toMatchObject({ failed: 0, failures: [] });
    }, 120_000);

    test('a service that is not healthy says so, what is under maintenance says that, and both pass', async () => {
      const list = ['ps', '--quiet', '--filter', 'label=com.docker.compose.service=web'];
      const web = (await ground.docker(...list)).trim();
      await ground.docker('exec', web, 'sh', '-c', 'cat /www/index.html > /www/kept; rm /www/index.html');
      await shows(app, 503, 'web is not healthy');
      expect((await ground.visit(`${app}api/`)).body).toBe('from the api\n');
      await ground.docker('exec', web, 'sh', '-c', 'cat /www/kept > /www/index.html');
      await shows(app, 200, 'two');
      const maintenance = async (...words: string[]) =>
        await ground.installation.cli('playground', 'maintenance', playground.id, ...words);
      expect(await maintenance('on', '--message', 'Back at two')).toMatchObject({ code: 0 });
      await shows(app, 503, 'Back at two');
      expect(await maintenance('off')).toMatchObject({ code: 0 });
      await shows(app, 200, 'two');
    }, 120_000);

    test('a proxy that is killed is there again by itself', async () => {
      for (const { process } of proxies()) await killAndWait(process);
      await shows(app, 200, 'two');
      expect(proxies()).toHaveLength(1);
    }, 60_000);

    test('one that is stopped says so, is there again after a restart, and is nowhere once it is destroyed', async () => {
      const parameters = { playground: playground.id };
      await ended((await client('playground.stop', { parameters })).operation);
      await shows(app, 503, `${playground.name} is stopped`);
      await ended((await client('playground.restart', { parameters })).operation);
      expect((await ground.visit(app)).body).toBe('two\n');
      expect((await ground.installation.destroy(playground.id)).status).toBe('succeeded');
      expect(await ground.leftovers()).toEqual([]);
      // Caddy greets nobody who asks for a host that it has no certificate for.
      expect((await ground.visit(app)).status).toBe(proxy === 'caddy' ? 0 : 404);
    }, 120_000);

    test('the proxy outlives the engine, and ends with the installation', async () => {
      const { installation } = ground;
      await installation.engine?.kill();
      expect(proxies()).toHaveLength(1);
      const releasing = installation.service('engine', {}, ['release']);
      expect([await releasing.exited, releasing.output]).toEqual([0, '']);
      expect(proxies()).toEqual([]);
      expect((await ground.visit(app)).status).toBe(0);
    }, 60_000);
  });
}
