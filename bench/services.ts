// Playgrounds of Compose services against plain `docker compose` on the same Docker Engine, in pairs; and a hundred of them at once.
import { mkdir, writeFile } from 'node:fs/promises';
import { ServicesGround } from '../tests/end-to-end/support/services-ground.ts';
import { done } from './bench-playground.ts';
import { median } from './measure.ts';
import type { Row } from './row.ts';

const pairs = 7;
/** What the platform may add to what Compose takes: a part, and a constant. */
const allowed = { ratio: 1.15, seconds: 0.5 };

const server = (port: number) =>
  `{ image: 'box:1', command: ['sh', '-c', 'echo well > /www/index.html; exec httpd -f -p ${port} -h /www'], stop_grace_period: 1s`;
const healthcheck = (port: number) =>
  `healthcheck: { test: 'wget -q -O /dev/null http://127.0.0.1:${port}/', interval: 1s, start_period: 5s }`;
/** Five services, of which one waits for two others to be healthy. */
const stack = (labels: boolean) => `
services:
  db: ${server(5432)}, ${healthcheck(5432)}, volumes: ['data:/data'] }
  queue: ${server(5672)}, ${healthcheck(5672)} }
  api: ${server(8080)}, ${healthcheck(8080)}, depends_on: { db: { condition: service_healthy }, queue: { condition: service_healthy } } }
  worker: { image: 'box:1', command: 'sleep 100000', stop_grace_period: 1s, depends_on: [queue] }
  web: ${server(80)}, depends_on: [api]${labels ? ", labels: { playgrounds.port: '80', playgrounds.visibility: external }" : ''} }
volumes: { data: {} }
`;

export async function benchServicesStart(): Promise<readonly Row[]> {
  await using ground = await ServicesGround.prepare();
  await ground.define('stack', stack(true));
  const folder = `${ground.installation.state}/home/plain`;
  await mkdir(folder);
  const file = `${folder}/compose.yaml`;
  await writeFile(file, stack(false));
  const plain = async () => {
    const compose = ['compose', '--project-name', 'plain', '--file', file];
    const seconds = await timedWork(async () => await ground.docker(...compose, 'up', '--detach', '--wait'));
    await ground.docker(...compose, 'down', '--volumes');
    return seconds;
  };
  const ours = async () => {
    const client = await ground.installation.client();
    let id = '';
    const seconds = await timedWork(async () => {
      const begun = await client('playground.start', { body: { playspec: 'stack', authorizedKeys: [] } });
      id = begun.playground.id;
      await done(ground.installation, begun.operation.id);
    });
    await ground.installation.destroy(id);
    return seconds;
  };
  await plain();
  await ours();
  const samples: { readonly plain: number; readonly ours: number }[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const first = pair % 2 === 0 ? await plain() : null;
    const own = await ours();
    samples.push({ plain: first ?? (await plain()), ours: own });
  }
  const middle = (side: 'plain' | 'ours') => median(samples.map((sample) => sample[side]));
  return [
    {
      name: 'five services: (start − 0.5 s) ÷ docker compose up --wait',
      figure: median(samples.map((sample) => (sample.ours - allowed.seconds) / sample.plain)),
      ...{ unit: '×', bar: allowed.ratio, samples },
      notes: [`ours ${middle('ours').toFixed(2)} s, plain ${middle('plain').toFixed(2)} s`],
    },
  ];
}

async function timedWork(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
