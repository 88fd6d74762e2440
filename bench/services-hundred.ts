// A hundred small playgrounds of Compose services on one host: whether the last one comes up as quickly as the first, and whether
// anything is left when all of them are destroyed.
import { readdir } from 'node:fs/promises';
import { ServicesGround } from '../tests/end-to-end/support/services-ground.ts';
import { done } from './bench-playground.ts';
import { median } from './measure.ts';
import type { Row } from './row.ts';

const count = 100;
/** Of the first, and of the last, so many make a median. */
const few = 5;
const bar = 1.5;

const dockerfile =
  'FROM box:1\nCOPY index.html /www/index.html\nCMD ["httpd", "-f", "-p", "80", "-h", "/www"]\n';
const small = (repository: string) => `
services:
  web:
    build: .
    stop_grace_period: 1s
    volumes: ['data:/data']
    labels:
      playgrounds.repo_url: ${repository}
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.production: "true"
volumes: { data: {} }
`;

export async function benchServicesHundred(): Promise<readonly Row[]> {
  await using ground = await ServicesGround.prepare();
  const { installation } = ground;
  const client = await installation.client();
  const files = { Dockerfile: dockerfile, 'index.html': 'well\n', '.env.example': 'KEY=$$secret(16)\n' };
  const repository = await ground.repository('small', files);
  await ground.define('small', small(repository));
  const before = await traces(ground);
  const start = async (index: number) => {
    const began = performance.now();
    const services = { web: { subdomain: `web-${index}` } };
    const body = { playspec: 'small', authorizedKeys: [], services };
    const { operation, playground } = await client('playground.start', { body });
    await done(installation, operation.id);
    return { id: playground.id, seconds: (performance.now() - began) / 1000 };
  };
  // What is built once, is built.
  await installation.destroy((await start(0)).id);
  const started: Awaited<ReturnType<typeof start>>[] = [];
  for (let index = 1; index <= count; index++) {
    started.push(await start(index));
    if (index % 10 === 0) process.stdout.write(`  ${index}: ${started.at(-1)?.seconds.toFixed(2)} s\n`);
  }
  for (const index of [1, count / 2, count]) {
    const { status } = await ground.visit(`https://web-${index}.localhost/`);
    if (status !== 200) throw new Error(`the address of playground ${index} answers ${status}`);
  }
  for (const { id } of started) await installation.destroy(id);
  const left = (await traces(ground)).filter((trace) => !before.includes(trace));
  const samples = started.map(({ seconds }) => seconds);
  const [first, last] = [median(samples.slice(0, few)), median(samples.slice(-few))];
  return [
    {
      name: `${count} playgrounds: the last ÷ the first`,
      figure: last / first,
      ...{ unit: '×', bar, samples },
      notes: [`the first ${few} ${first.toFixed(2)} s, the last ${few} ${last.toFixed(2)} s (medians)`],
    },
    {
      name: 'what is left when all are destroyed',
      figure: left.length,
      ...{ unit: 'traces', bar: 0, samples: left },
      notes: left.slice(0, 5),
    },
  ];
}

/** Everything that a playground of services leaves on a host while it is there. */
async function traces(ground: ServicesGround): Promise<readonly string[]> {
  const { state } = ground.installation;
  const lists = await Promise.all([
    ground.docker('ps', '--all', '--format', 'container {{.Names}}'),
    ground.docker('network', 'ls', '--format', 'network {{.Name}}'),
    ground.docker('volume', 'ls', '--format', 'volume {{.Name}}'),
    ground.docker('image', 'ls', '--format', 'image {{.Repository}}:{{.Tag}}'),
  ]);
  const folders = (await readdir(`${state}/services`)).map((name) => `folder ${name}`);
  const answers = [1, count].map(async (index) => {
    const { body } = await ground.visit(`https://web-${index}.localhost/`);
    return body === 'well\n' ? [`route ${index}`] : [];
  });
  return [
    ...lists.flatMap((list) => list.split('\n').filter(Boolean)),
    ...folders,
    ...(await Promise.all(answers)).flat(),
  ];
}
