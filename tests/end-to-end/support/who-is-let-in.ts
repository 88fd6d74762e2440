// Who reaches the services of a playground, with a real engine, Docker Engine and proxy: logging in, tokens, maintenance, and what of
// that holds while no engine runs.
import { describe, expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import type { InstallationOptions } from './installation-options.ts';
import { type GroundClient, prepareGround } from './prepare-ground.ts';
import type { ServicesGround } from './services-ground.ts';
import { until } from './until.ts';

const well = { status: 'succeeded', error: null };
const host = 'web-inner.localhost';
const url = `https://${host}/`;
const html = ['--header', 'Accept: text/html'];
export function describeWhoIsLetIn(proxy: NonNullable<InstallationOptions['proxy']>): void {
  describe(`internal services behind ${proxy}`, () => {
    let ground: ServicesGround;
    let client: GroundClient;
    let playground: Playground;

    prepareGround(
      async (prepared) => {
        ({ ground, client } = prepared);
        const manifest = `services:
  web: { image: 'box:1', command: sh -c 'echo inside > /www/index.html; exec httpd -f -p 80 -h /www', labels: { playgrounds.port: 80 } }
`;
        await client('playspec.create', { body: { name: 'inner', manifestFile: 'inner.yaml', manifest } });
        playground = await ground.start('inner');
      },
      [],
      { proxy },
    );

    async function cli(...words: string[]): Promise<Record<string, string>> {
      const { code, stdout, stderr } = await ground.installation.cli('playground', ...words, '--json');
      expect({ code, stderr }).toMatchObject({ code: 0 });
      return JSON.parse(stdout) as Record<string, string>;
    }

    /** Status and headers of what is at the address. */
    async function ask(...words: string[]) {
      const said = await ground.curl(host, '--dump-header', '-', ...words, url);
      return { status: Number(/^HTTP\/\S+ (\d+)/.exec(said)?.[1]), said };
    }

    async function logIn(password: string): Promise<string> {
      const form = [
        '--data-urlencode',
        `playground=${playground.id}`,
        '--data-urlencode',
        `password=${password}`,
      ];
      const said = await ground.curl(host, '--dump-header', '-', ...form, `${url}.playhouse/login`);
      return /^set-cookie: ([^;]+)/im.exec(said)?.[1] ?? '';
    }

    const cookie = (session: string) => ['--header', `Cookie: ${session}`];

    test('a browser logs in by the page, and another password ends its session at once', async () => {
      const page = await ask(...html);
      expect([page.status, page.said.includes('<form')]).toEqual([401, true]);
      const { password = '' } = await cli('password', playground.id);
      expect(await logIn('wrong')).toBe('');
      const session = await logIn(password);
      expect((await ask(...cookie(session))).said).toContain('inside');
      const renewed = await cli('password', playground.id, '--new');
      expect((await ask(...cookie(session))).status).toBe(401);
      expect((await ask('--user', `playground:${password}`)).status).toBe(401);
      expect((await ask('--user', `playground:${renewed['password']}`)).status).toBe(200);
    }, 60_000);

    test('programs come in by the token, until there is another', async () => {
      const { header, token } = await cli('bypass', playground.id);
      expect((await ask('--header', `${header}: ${token}`)).said).toContain('inside');
      await cli('bypass', playground.id, '--new');
      expect((await ask('--header', `${header}: ${token}`)).status).toBe(401);
    }, 60_000);

    test('after a kill -9 of the engine sessions and password hold, nobody else gets in, and the next engine drops nothing', async () => {
      const { password = '' } = await cli('password', playground.id);
      const session = await logIn(password);
      const basic = ['--user', `playground:${password}`];
      const { installation } = ground;
      await installation.engine?.kill();
      expect((await ask(...basic)).status).toBe(200);
      expect((await ask(...cookie(session))).status).toBe(200);
      expect((await ask(...html)).status).toBe(401);
      expect((await ask(...cookie(`${session}x`))).status).toBe(401);
      await installation.startEngine();
      // While it gets to know its playgrounds the address leads where it led.
      const statuses = new Set<number>();
      await until('the login to be there again', async () => {
        statuses.add((await ask(...cookie(session))).status);
        return (await ask(...html)).said.includes('<form');
      });
      expect([...statuses]).toEqual([200]);
      expect((await ask(...cookie(session))).status).toBe(200);
    }, 120_000);

    test('maintenance holds over a stop and another engine, until it is switched off', async () => {
      const { password = '' } = await cli('password', playground.id);
      const user = ['--user', `playground:${password}`];
      await cli('maintenance', playground.id, 'on', '--message', 'Back at two');
      const shown = async () => {
        const { status, said } = await ask(...user);
        return [status, said.includes('Back at two'), /^retry-after: 60/im.test(said)];
      };
      expect(await shown()).toEqual([503, true, true]);
      const parameters = { playground: playground.id };
      for (const action of ['playground.stop', 'playground.restart'] as const) {
        expect(
          await ground.installation.ended((await client(action, { parameters })).operation.id),
        ).toMatchObject(well);
        expect(await shown()).toEqual([503, true, true]);
      }
      await ground.installation.engine?.kill();
      expect(await shown()).toEqual([503, true, true]);
      await ground.installation.startEngine();
      await until('the services to be known', async () => {
        const { services } = await ground.installation.playground(playground.id);
        return services[0]?.state === 'running' && services[0].maintenance === 'Back at two';
      });
      expect(await shown()).toEqual([503, true, true]);
      await cli('maintenance', playground.id, 'off');
      expect((await ask(...user)).said).toContain('inside');
    }, 180_000);

    test('nothing that lets somebody in is on disk in plain', async () => {
      const { password = '' } = await cli('password', playground.id);
      const { token = '' } = await cli('bypass', playground.id);
      const session = (await logIn(password)).split('=')[1] ?? '';
      for (const secret of [password, token, session]) {
        expect(secret.length).toBeGreaterThan(20);
        expect(await ground.filesWith(secret)).toEqual([]);
      }
    }, 60_000);
  });
}
