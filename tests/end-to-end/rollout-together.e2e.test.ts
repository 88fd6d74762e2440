// Rollouts of several services that are never to be away, under load: one that does not get well costs the others no request, and
// nothing of a version that failed is left.
import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Playground } from '@playhouse/contract/playground';
import { type GroundClient, prepareGround } from './support/prepare-ground.ts';
import type { ServicesGround } from './support/services-ground.ts';
import { underLoad } from './support/under-load.ts';
import { until } from './support/until.ts';

const well = { status: 'succeeded', error: null };
const url = 'https://a-pair.localhost/';
let ground: ServicesGround;
let client: GroundClient;
let playground: Playground;

prepareGround((prepared) => void ({ ground, client } = prepared));

/** `ok`: whether it gets well; else it is found sick after ten seconds. */
const service = (name: string, ok: boolean, more = '') => `
  ${name}:
    image: box:1
    command: sh -c 'echo $$WORD > /www/index.html; if [ $$OK = true ]; then echo up > /www/up; fi; exec httpd -f -p 80 -h /www'
    environment: { WORD: one, OK: '${String(ok)}' }
    stop_grace_period: 1s
    labels:
      playgrounds.port: 80
      playgrounds.visibility: external
      playgrounds.zerodowntime: "true"
      playgrounds.healthcheck_interval: 1s
      playgrounds.healthcheck_retries: 2
      playgrounds.healthcheck_start_period: 10s
${more}`;

/** `b` depends on `a`; each has requests of its own. */
const pair = (bIsWell: boolean, more = '') =>
  `services:${service('a', true)}${service('b', bIsWell, '    depends_on: [a]\n')}${more}`;

const idsOf = async (name: string) =>
  (await ground.docker('ps', '--quiet', '--filter', `label=com.docker.compose.service=${name}`))
    .split('\n')
    .filter(Boolean)
    .toSorted();

async function begin(body: object = {}) {
  const { operation } = await client('playground.rollout', {
    parameters: { playground: playground.id },
    body: { upgrade: false, variables: {}, environment: {}, services: {}, ...body },
  });
  return operation.id;
}

const rollout = async (body: object = {}) => await ground.installation.ended(await begin(body));
const loaded = async (work: () => Promise<void>, perSecond = 100) =>
  await underLoad(ground.installation, url, perSecond, work);
const say = (a: string, ok: boolean) => ({
  services: { a: { environment: { WORD: a } }, b: { environment: { WORD: a, OK: String(ok) } } },
});

test('two services that are never to be away are replaced together, and no request is lost', async () => {
  await ground.define('pair', pair(true));
  playground = await ground.start('pair');
  const [a, b] = [await idsOf('a'), await idsOf('b')];
  const load = await loaded(async () => expect(await rollout(say('two', true))).toMatchObject(well));
  expect(load).toMatchObject({
    ...{ failed: 0, failures: [] },
    bodies: { one: expect.any(Number), two: expect.any(Number) },
  });
  for (const [name, before] of [
    ['a', a],
    ['b', b],
  ] as const) {
    expect(await idsOf(name)).toHaveLength(1);
    expect(await idsOf(name)).not.toEqual(before);
  }
}, 120_000);

test('one that does not get well leaves the other as it was, at the cost of no request', async () => {
  const [a, b] = [await idsOf('a'), await idsOf('b')];
  const load = await loaded(async () => {
    expect(await rollout(say('three', false))).toMatchObject({
      status: 'failed',
      error: { code: 'services-not-healthy', step: 'Rolling out' },
    });
  });
  expect(load).toMatchObject({ failed: 0, failures: [], bodies: { two: load.sent } });
  expect([await idsOf('a'), await idsOf('b')]).toEqual([a, b]);
}, 120_000);

test('one that is cancelled while the second comes up costs no request either', async () => {
  const [a, b] = [await idsOf('a'), await idsOf('b')];
  const load = await loaded(async () => {
    const operation = await begin(say('three', false));
    await until('a new container of b', async () => (await idsOf('b')).length > 1);
    await client('operation.cancel', { parameters: { operation } });
    expect((await ground.installation.ended(operation)).status).toBe('cancelled');
  });
  expect(load).toMatchObject({ failed: 0, failures: [], bodies: { two: load.sent } });
  expect([await idsOf('a'), await idsOf('b')]).toEqual([a, b]);
}, 120_000);

test('an engine that dies when all are up beside the old, or get the requests, ends the same', async () => {
  const { installation } = ground;
  for (const place of ['rollout/beside', 'rollout/switched']) {
    const load = await loaded(async () => {
      const operation = await ground.dyingAt(place, async () => await begin(say(place, true)));
      expect(await installation.ended(operation)).toMatchObject(well);
    }, 20);
    expect(load).toMatchObject({ failed: 0, failures: [] });
    expect((await ground.visit(url)).body).toBe(`${place}\n`);
    expect([await idsOf('a'), await idsOf('b')]).toMatchObject([{ length: 1 }, { length: 1 }]);
  }
}, 240_000);

test('once the record has the new version, a cancellation comes too late: the next engine finishes it, and tells so', async () => {
  const { installation } = ground;
  const load = await loaded(async () => {
    const operation = await ground.dyingAt(
      'rollout/promoted',
      async () => await begin(say('promoted', true)),
      async (begun) => await client('operation.cancel', { parameters: { operation: begun } }),
    );
    expect(await installation.ended(operation)).toMatchObject(well);
  }, 20);
  expect(load).toMatchObject({ failed: 0, failures: [] });
  expect((await ground.visit(url)).body).toBe('promoted\n');
  // The file went with the record: there is nothing to heal, and the next rollout begins from there.
  const before = await idsOf('a');
  expect(await rollout({})).toMatchObject(well);
  expect(await idsOf('a')).toEqual(before);
}, 240_000);

test('a version that failed leaves nothing of a service that only it has', async () => {
  const file = `${ground.installation.state}/home/next.yaml`;
  await writeFile(
    file,
    pair(false, `  extra: { image: 'box:1', command: 'sleep 100000', stop_grace_period: 1s }\n`),
  );
  const updated = await ground.installation.cli('playspec', 'update', 'pair', '-f', file);
  expect(updated).toMatchObject({ code: 0 });
  // What was set of the service stays set, so that it is sick only when that is taken away.
  let seen = false;
  const load = await loaded(async () => {
    const operation = await begin({ upgrade: true, services: { b: { environment: { OK: null } } } });
    await until('the service that is new', async () => (seen = (await idsOf('extra')).length > 0));
    expect(await ground.installation.ended(operation)).toMatchObject({ status: 'failed' });
  });
  expect(seen).toBe(true);
  expect(load).toMatchObject({ failed: 0, failures: [] });
  expect(await ground.docker('ps', '--all', '--format', '{{.Names}}')).not.toContain('extra');
  expect([await idsOf('a'), await idsOf('b')]).toMatchObject([{ length: 1 }, { length: 1 }]);
}, 120_000);

test('it is destroyed without a trace', async () => {
  expect((await ground.installation.destroy(playground.id)).status).toBe('succeeded');
  expect(await ground.leftovers()).toEqual([]);
}, 60_000);
