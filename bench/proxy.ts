// What the ingress costs a request: the Caddy that the engine configures, with the routes of many playgrounds, against the same Caddy
// with the two lines for each host that somebody would write by hand. Both stand before the same service, in pairs.
import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { CaddyDriver } from '../packages/engine/src/ingress/caddy/caddy-driver.ts';
import { proxyPlaces } from '../packages/engine/src/ingress/testing/proxy-places.ts';
import {
  killAndWait,
  identify,
  type ProcessIdentity,
} from '../packages/engine/src/system/process-identity.ts';
import { startDetached } from '../packages/engine/src/system/start-detached.ts';
import { sampleRoute } from '../packages/engine/src/ingress/testing/ingress-ground.ts';
import { processorSeconds } from './processor-seconds.ts';
import { median, timed } from './measure.ts';
import type { Row } from './row.ts';

const pairs = 9;
const seconds = 3;
const connections = 32;
/** Hosts of other playgrounds. */
const otherHosts = 60;
const bar = 1 / 0.9;
const host = 'web.localhost';

interface Sample {
  readonly perSecond: number;
  /** Of the proxy’s processor time, in µs. */
  readonly perRequest: number;
}

export async function benchProxy(): Promise<readonly Row[]> {
  const folder = await mkdtemp('/tmp/phb-');
  const { options, remove } = await proxyPlaces();
  const driver = new CaddyDriver(options);
  const started: ProcessIdentity[] = [];
  try {
    const [servicePort, handPort] = [randomInt(20_000, 26_000), randomInt(26_000, 32_000)];
    const hosts = `${folder}/hosts`;
    await writeFile(hosts, `127.0.0.1 localhost ${host}\n`);
    started.push(await caddy(folder, 'service', `http://127.0.0.1:${servicePort} {\n respond "hello"\n}\n`));
    const address = `127.0.0.1:${servicePort}`;
    const names = [...Array.from({ length: otherHosts }, (_, index) => `other-${index}`), 'web'];
    const byHand = names.map((name) => handWritten(`https://${name}.localhost:${handPort}`, address));
    started.push(await caddy(folder, 'hand', byHand.join('')));
    await driver.apply(names.map((name) => sampleRoute(name, address)));
    await driver.certify([host]);
    const pid = {
      hand: started[1]?.pid ?? 0,
      own: Number((await timed(['pgrep', '-f', `caddy run --config ${options.runFolder}`])).stdout),
    };
    const ask = { hand: handPort, own: options.httpsPort };
    const measure = async (side: 'hand' | 'own') => await load(hosts, ask[side], pid[side]);
    await measure('hand');
    await measure('own');
    const samples: { readonly hand: Sample; readonly own: Sample }[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const first = pair % 2 === 0 ? await measure('hand') : null;
      const own = await measure('own');
      samples.push({ hand: first ?? (await measure('hand')), own });
    }
    const middle = (of: (sample: (typeof samples)[number]) => number) => median(samples.map(of)).toFixed(0);
    return [
      {
        name: `ingress: hand-written ÷ ours, requests a second`,
        figure: median(samples.map(({ hand, own }) => hand.perSecond / own.perSecond)),
        ...{ unit: '×', bar, samples },
        notes: [
          `${otherHosts + 1} hosts: ours ${middle(({ own }) => own.perSecond)}/s, ${middle(({ own }) => own.perRequest)} µs of processor each; ` +
            `by hand ${middle(({ hand }) => hand.perSecond)}/s, ${middle(({ hand }) => hand.perRequest)} µs`,
        ],
      },
    ];
  } finally {
    for (const process of started) await killAndWait(process);
    await driver.stop();
    await remove();
    await rm(folder, { recursive: true, force: true });
  }
}

function handWritten(site: string, address: string): string {
  return `${site} {\n tls internal\n reverse_proxy ${address}\n}\n`;
}

/** Starts a Caddy with a Caddyfile, as ours is started; its storage is its own. */
async function caddy(folder: string, name: string, text: string): Promise<ProcessIdentity> {
  const file = `${folder}/${name}`;
  await writeFile(file, `{\n admin off\n auto_https disable_redirects\n skip_install_trust\n}\n${text}`);
  const words = ['caddy', 'run', '--adapter', 'caddyfile', '--config', file];
  const env = ['env', `HOME=${folder}`, `XDG_DATA_HOME=${folder}/${name}-data`];
  const { pid } = await startDetached([...env, ...words], `${file}.log`);
  await setTimeout(3000);
  const process = pid === null ? null : identify(pid);
  if (process === null) throw new Error(await readFile(`${file}.log`, 'utf8'));
  return process;
}

/** Loads a port for some seconds, from a view of the host in which the service’s name is known. */
async function load(hosts: string, port: number, pid: number): Promise<Sample> {
  const view = [
    'unshare',
    '--mount',
    'sh',
    '-c',
    'mount --bind "$1" /etc/hosts; shift; exec "$@"',
    'sh',
    hosts,
  ];
  const wrk = ['wrk', '--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`];
  const before = await processorSeconds(pid);
  const { stdout } = await timed([...view, ...wrk, `https://${host}:${port}/`]);
  const spent = (await processorSeconds(pid)) - before;
  const [, requests] = /(\d+) requests in/.exec(stdout) ?? [];
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  if (perSecond === undefined || /Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
  return { perSecond: Number(perSecond), perRequest: (spent / Number(requests)) * 1e6 };
}
