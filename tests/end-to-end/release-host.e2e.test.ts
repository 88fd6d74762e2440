// What is on the host of a Docker Engine that Playhouse started, once the installation is removed; and that of another is left alone.
import { expect, onTestFinished, test } from 'vitest';
import { DockerEngine } from '../../packages/engine/src/services/docker/docker-engine.ts';
import { Installation } from './support/installation.ts';
import { runOk } from './support/process.ts';
import { ServicesGround } from './support/services-ground.ts';

async function release(installation: Installation): Promise<void> {
  await installation.engine?.kill();
  const releasing = installation.service('engine', {}, ['release']);
  await releasing.exited;
  expect(releasing.output).toBe('');
}

/** Interfaces, tables and chains of the namespace that stands for the host. */
async function host({ inNetns }: Installation): Promise<readonly string[]> {
  const links = await runOk([...inNetns, 'ip', '-oneline', 'link', 'show']);
  const ruleset = await runOk([...inNetns, 'nft', 'list', 'ruleset']);
  const names = [...links.matchAll(/^\d+: ([^:@]+)/gm)].map(([, name]) => `link ${name}`);
  return [...names, ...[...ruleset.matchAll(/^\t?(?:table|chain) [^{]*/gm)].map(([text]) => text.trim())];
}

async function startDocker({ inNetns }: Installation, folder: string): Promise<void> {
  const start = new URL('support/start-docker.ts', import.meta.url).pathname;
  await runOk([...inNetns, process.execPath, start, `${folder}/docker/data`, `${folder}/run/docker`]);
}

async function open(): Promise<Installation> {
  const installation = await Installation.running({ images: false, engine: ['docker: own'] });
  onTestFinished(async () => await installation[Symbol.asyncDispose]());
  return installation;
}

test('nothing is left of a Docker Engine that was started for playgrounds', async () => {
  await using ground = await ServicesGround.prepare();
  const { installation } = ground;
  const address = await ground.repository('built', { Dockerfile: 'FROM box:1\nRUN touch /www/index.html\n' });
  await ground.define(
    'built',
    `services: { web: { build: ., command: 'httpd -f -p 80 -h /www', labels: { playgrounds.repo_url: '${address}', playgrounds.port: 80 } } }\n`,
  );
  const { id } = await ground.start('built');
  expect(await host(installation)).toEqual(
    expect.arrayContaining(['link docker0', 'table ip nat', 'table ip filter', 'chain DOCKER-USER']),
  );
  expect((await installation.destroy(id)).status).toBe('succeeded');
  await release(installation);
  expect(await host(installation)).toEqual(['link lo']);
  await release(installation);
}, 240_000);

test('what a Docker Engine of the host left there before is left', async () => {
  const installation = await open();
  const inside = installation.inNetns;
  await runOk([...inside, 'ip', 'link', 'add', 'docker0', 'type', 'bridge']);
  await runOk([...inside, 'iptables', '-N', 'DOCKER-USER']);
  await startDocker(installation, installation.state);
  await release(installation);
  expect(await host(installation)).toEqual(expect.arrayContaining(['link docker0', 'chain DOCKER-USER']));
}, 120_000);

test('what a Docker Engine that runs beside it needs is left, and goes with the last one', async () => {
  const installation = await open();
  const folder = `${installation.state}/home/other`;
  const other = new DockerEngine({
    ...{ dataFolder: `${folder}/docker/data`, runFolder: `${folder}/run/docker`, which: 'own' },
  });
  onTestFinished(async () => await other.stop());
  await startDocker(installation, installation.state);
  await startDocker(installation, folder);
  await release(installation);
  expect(await host(installation)).toEqual(expect.arrayContaining(['link docker0', 'chain DOCKER-USER']));
  await other.stop();
  await release(installation);
  expect(await host(installation)).toEqual(['link lo']);
}, 120_000);
