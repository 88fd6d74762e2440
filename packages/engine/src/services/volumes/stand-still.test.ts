import { expect, test } from 'vitest';
import type { ContainerState } from '../docker/docker-api.ts';
import type { Docker } from '../docker/docker.ts';
import { sampleContainer } from '../testing/sample-container.ts';
import { StandStill } from './stand-still.ts';

/** A Docker that has these containers; `restarted` comes up as soon as the first was paused. */
function dockerWith(states: Record<string, ContainerState['status']>, restarted?: string) {
  const change = (words: readonly string[]) => {
    const [verb, ...ids] = words;
    for (const id of ids) states[id] = verb === 'pause' ? 'paused' : 'running';
    if (verb === 'pause' && restarted !== undefined && states[restarted] === 'exited')
      states[restarted] = 'running';
    return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
  };
  const containers = async () =>
    Object.entries(states).map(([id, status]) => sampleContainer({ id, status }));
  return { docker: { api: { containers }, run: change, try: change } as unknown as Docker, states };
}

test('what runs stands still for as long as the work takes, and only that', async () => {
  const { docker, states } = dockerWith({ a: 'running', b: 'exited', c: 'running' });
  const standStill = new StandStill((id) => id);
  await standStill.during('p', docker, async () => {
    expect(states).toEqual({ a: 'paused', b: 'exited', c: 'paused' });
    expect(standStill.has('p')).toBe(true);
  });
  expect(states).toEqual({ a: 'running', b: 'exited', c: 'running' });
  expect(standStill.has('p')).toBe(false);
});

test('one that Docker restarts meanwhile is caught, and work that fails leaves nobody standing', async () => {
  const { docker, states } = dockerWith({ a: 'running', b: 'exited' }, 'b');
  const standStill = new StandStill((id) => id);
  const work = standStill.during('p', docker, async () => {
    expect(states).toEqual({ a: 'paused', b: 'paused' });
    throw new Error('no room');
  });
  await expect(work).rejects.toThrow('no room');
  expect(states).toEqual({ a: 'running', b: 'running' });
});

test('nothing is copied of one that Docker restarts over and over, before or meanwhile', async () => {
  const { docker, states } = dockerWith({ a: 'running', b: 'restarting' });
  const standStill = new StandStill((id) => id);
  let copied = false;
  const copy = async () => void (copied = true);
  await expect(standStill.during('p', docker, copy)).rejects.toMatchObject({ code: 'services-restless' });
  expect([copied, states['a']]).toEqual([false, 'running']);
  states['b'] = 'exited';
  const late = standStill.during('p', docker, async () => void (states['b'] = 'running'));
  await expect(late).rejects.toMatchObject({ code: 'services-restless' });
  expect(states['a']).toBe('running');
});

test('what an earlier engine left standing goes on when it is looked at', async () => {
  const { docker, states } = dockerWith({ a: 'paused' });
  await new StandStill((id) => id).end('p', docker);
  expect(states).toEqual({ a: 'running' });
});

test('when the engine ends all go on, and what was being copied never counts as a copy', async () => {
  const { docker, states } = dockerWith({ a: 'running' });
  const standStill = new StandStill((id) => id);
  let finish = () => {};
  const outcomes: string[] = [];
  const begun = new Promise<void>((resolve) => {
    void standStill
      .during('p', docker, async () => {
        resolve();
        await new Promise<void>((done) => (finish = done));
      })
      .finally(() => outcomes.push('settled'));
  });
  await begun;
  await standStill.letGo(docker);
  expect(states).toEqual({ a: 'running' });
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(outcomes).toEqual([]);
});
