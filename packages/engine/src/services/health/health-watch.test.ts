import { planServices } from '@playhouse/contract/compose/plan/plan-services';
import { expect, test } from 'vitest';
import { sampleContainer } from '../testing/sample-container.ts';
import { HealthWatch } from './health-watch.ts';
import type { ProbeTarget } from './probe.ts';

const labels = {
  'playgrounds.port': '3000',
  'playgrounds.healthcheck_path': '/ready',
  'playgrounds.healthcheck_interval': '10s',
  'playgrounds.healthcheck_retries': '2',
  'playgrounds.healthcheck_start_period': '5s',
};
const { plan } = planServices({ services: { web: { image: 'x', labels } } });
const web = sampleContainer();

/** A watch whose clock and answers the test holds. */
function open() {
  const state = { now: 0, said: 'refused' as string | null, asked: [] as ProbeTarget[] };
  const watch = new HealthWatch({
    probe: async (target) => (state.asked.push(target), state.said),
    now: () => state.now,
  });
  const look = async (container = web) => {
    await watch.judge([container], plan);
    await new Promise(setImmediate);
    const [judged] = await watch.judge([container], plan);
    return [judged?.health, judged?.healthOutput];
  };
  return { state, look, forgetOthers: () => watch.keepOnly(new Set()) };
}

test('a container starts until it answers, and failures count only after that or after its start period', async () => {
  const { state, look } = open();
  expect(await look()).toEqual(['starting', 'refused']);
  expect(state.asked[0]).toEqual({ address: '10.201.0.2', port: 3000, path: '/ready', timeoutMs: 5000 });
  state.now = 600;
  expect(await look()).toEqual(['starting', 'refused']);
  Object.assign(state, { now: 1200, said: null });
  expect(await look()).toEqual(['healthy', null]);
  Object.assign(state, { now: 11_200, said: 'it answered 500' });
  expect(await look()).toEqual(['healthy', 'it answered 500']);
  state.now = 21_200;
  expect(await look()).toEqual(['unhealthy', 'it answered 500']);
  Object.assign(state, { now: 31_200, said: null });
  expect(await look()).toEqual(['healthy', null]);
});

test('one that never answers is unhealthy soon after its start period', async () => {
  const { state, look } = open();
  await look();
  for (state.now = 5000; (await look())[0] === 'starting'; state.now += 500);
  expect(state.now).toBe(5500);
});

test('one that a start waits for is unhealthy as soon when others are looked at meanwhile', async () => {
  const { state, look, forgetOthers } = open();
  await look();
  for (state.now = 2000; state.now <= 10_000 && (await look())[0] === 'starting'; state.now += 2000)
    forgetOthers();
  expect(state.now).toBe(8000);
});

test('one that nobody asks about any more is forgotten', async () => {
  const { state, look, forgetOthers } = open();
  state.said = null;
  await look();
  forgetOthers();
  forgetOthers();
  state.said = 'refused';
  expect(await look()).toEqual(['starting', 'refused']);
});

test('it is asked no more often than its interval says', async () => {
  const { state, look } = open();
  state.said = null;
  await look();
  state.now = 9999;
  await look();
  expect(state.asked).toHaveLength(1);
  state.now = 10_000;
  await look();
  expect(state.asked).toHaveLength(2);
});

test('a check that Docker runs comes first, and a port that the container names', async () => {
  const { state, look } = open();
  expect(await look({ ...web, health: 'unhealthy', healthOutput: 'own' })).toEqual(['unhealthy', 'own']);
  expect(await look({ ...web, status: 'exited', exitCode: 1 })).toEqual([null, null]);
  expect(state.asked).toEqual([]);
  await look({ ...web, port: 8080 });
  expect(state.asked[0]?.port).toBe(8080);
});
