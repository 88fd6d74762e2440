import { expect, test } from 'vitest';
import { Ingress } from '../../ingress/ingress.ts';
import type { Login, Route } from '../../ingress/ingress-driver.ts';
import { recordingDriver } from '../../ingress/testing/recording-driver.ts';
import type { StepVoice } from '../../operations/step.ts';
import { openSecretBox } from '../../system/open-secret-box.ts';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { HealthWatch } from '../health/health-watch.ts';
import { observe } from '../observe.ts';
import type { ServicesContext } from '../services-context.ts';
import { ServicesRecords } from '../services-record.ts';
import { sampleContainer } from '../testing/sample-container.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { sampleSecrets } from '../testing/sample-secrets.ts';
import { StandStill } from '../volumes/stand-still.ts';
import { removeMade, replaceServices } from './replace-services.ts';

const id = 'f'.repeat(24);
const both = [
  { service: 'a', replicas: 1 },
  { service: 'b', replicas: 1 },
];

/** A playground with `a` and `b`, each exposed, one container of each; `sick` gets no healthy new ones. */
async function open(sick?: string) {
  const folder = await temporaryDirectory();
  const box = await openSecretBox(`${folder}/key`);
  const secrets = sampleSecrets(box, id, 'p');
  const record = sampleRecord({ secrets });
  const service = '{ image: x, labels: { playgrounds.port: 80 } }';
  const order = {
    ...record.order,
    compose: { text: `services: { a: ${service}, b: ${service} }\n`, file: 'x' },
  };
  const version = { order, parts: {}, secrets };
  const records = new ServicesRecords(`${folder}/services`);
  await records.load();
  await records.save({ ...record, order, next: { version, former: {} } });

  const make = (name: string, address: string, health: ContainerState['health'] = null) =>
    sampleContainer({ id: address, service: name, addresses: [address], health });
  let there = [make('a', 'old-a'), make('b', 'old-b')];
  const done: string[] = [];
  /** Where requests went, one after another. */
  const led: string[] = [];
  let routes: readonly Route[] = [];
  let left = Infinity;
  /** What changes the host; an engine that has died does nothing more. */
  const effect = (what: string) => {
    if (left-- <= 0) throw new Error('died');
    done.push(what);
  };
  const docker = {
    api: { containers: async () => there },
    compose: async (_project: string, _file: string, words: readonly string[]) => {
      const name = words.at(-1) ?? '';
      effect(`up ${name}`);
      const wanted = Number(words.find((word) => word.startsWith(`${name}=`))?.split('=')[1]);
      while (there.filter((each) => each.service === name).length < wanted)
        there = [...there, make(name, `new-${name}`, name === sick ? 'unhealthy' : 'healthy')];
      return { exitCode: 0, stdout: '', stderr: '' };
    },
    run: async ([word = '', ...ids]: readonly string[]) => {
      effect(`${word} ${ids.at(-1)}`);
      if (word === 'rm') there = there.filter((each) => !ids.includes(each.id));
      else
        there = there.map((each) =>
          ids.includes(each.id) ? { ...each, status: 'exited' as const, exitCode: 0 } : each,
        );
    },
    try: async () => ({ exitCode: 0, stdout: '', stderr: '' }),
  } as unknown as Docker;
  const noLogin = (playground: string): Login => ({
    ...{ playground, user: 'playground', password: '', passwordHash: 'HASH', sessions: [], bypass: 'TOKEN' },
  });
  const driver = recordingDriver((all) => {
    routes = all;
    if (led.at(-1) !== targets()) led.push(targets());
  });
  const targets = () =>
    routes
      .map(({ target }) => (target.kind === 'upstreams' ? target.addresses.join('+') : target.title))
      .join(', ');
  const tools = {
    records,
    box,
    ingress: new Ingress(driver, noLogin),
  } as unknown as ServicesContext['tools'];
  /** As an engine has it that has just come. */
  const context = (): ServicesContext => ({
    ...{ tools, id, rollout: true, seen: new Map(), health: new HealthWatch() },
    standStill: new StandStill(() => ''),
    changed: () => {},
  });
  const voice: StepVoice = {
    ...{ signal: new AbortController().signal, log: () => {}, detail: () => {} },
  } as unknown as StepVoice;
  return {
    replace: async () => await replaceServices(context(), docker, 'next.yaml', both, voice, 0),
    undo: async () => await removeMade(context(), docker),
    look: async () => await observe(context(), docker.api),
    dieAfter: (effects: number) => void (left = effects),
    ids: () => there.map((each) => each.id).toSorted(),
    ...{ done, led },
  };
}

const old = 'old-a:80, old-b:80';
const fresh = 'new-a:80, new-b:80';

test('all come up before any gets requests, which go over together, and the old ones go dependents first', async () => {
  const { replace, look, done, led } = await open();
  await look();
  await replace();
  expect(done).toEqual(['up a', 'up b', 'stop old-b', 'rm old-b', 'stop old-a', 'rm old-a']);
  expect(led).toEqual([old, fresh]);
});

test('one that does not get well takes nothing from the others, and undoing changes no route', async () => {
  const { replace, undo, look, done, led, ids } = await open('b');
  await look();
  await expect(replace()).rejects.toMatchObject({ code: 'services-not-healthy' });
  await look();
  await undo();
  await look();
  expect(led).toEqual([old]);
  expect(ids()).toEqual(['old-a', 'old-b']);
  expect(done.filter((what) => what.includes('old'))).toEqual([]);
});

test('an engine that dies anywhere ends the same when it is back, and leads requests where somebody answers', async () => {
  for (let effects = 0; effects < 6; effects++) {
    const { replace, look, dieAfter, led, ids } = await open();
    await look();
    dieAfter(effects);
    await expect(replace()).rejects.toThrow('died');
    dieAfter(Infinity);
    await look();
    await replace();
    expect([effects, ...led]).toEqual([effects, old, fresh]);
    expect(ids()).toEqual(['new-a', 'new-b']);
  }
});

test('what fails after the requests went over has the old ones get them again before the new ones go', async () => {
  const { replace, undo, look, dieAfter, led, ids } = await open();
  await look();
  dieAfter(2);
  await expect(replace()).rejects.toThrow('died');
  dieAfter(Infinity);
  await undo();
  await look();
  expect(led).toEqual([old, fresh, old]);
  expect(ids()).toEqual(['old-a', 'old-b']);
});
