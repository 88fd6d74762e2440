import { everyPath } from '@playhouse/contract/compose/labels/path-rule';
import { expect, test } from 'vitest';
import { Ingress, type PlaygroundRoute } from './ingress.ts';
import type { Route } from './ingress-driver.ts';
import { sampleAccess, sampleLogin } from './testing/ingress-ground.ts';
import { recordingDriver } from './testing/recording-driver.ts';

function open() {
  const told: (readonly Route[])[] = [];
  const state = { password: 'old', failing: false };
  const driver = recordingDriver((routes) => {
    if (state.failing) throw new Error('no');
    told.push(routes);
  });
  const ingress = new Ingress(driver, (id) => {
    if (id === 'sick') throw new Error('its values cannot be opened');
    return sampleLogin(id, sampleAccess({ bypass: state.password }));
  });
  return { ingress, driver, state, told, hosts: () => told.at(-1)?.map(({ host }) => host) };
}

function route(host: string, more: Partial<PlaygroundRoute> = {}): PlaygroundRoute {
  const target = { kind: 'upstreams', addresses: ['10.0.0.1:80'] } as const;
  return { id: host, host, path: everyPath, target, internal: false, ...more };
}

test('an engine that comes back takes no address away before it has looked at all playgrounds', async () => {
  const { ingress, told, hosts } = open();
  ingress.hold();
  await ingress.set('a', [route('a.localhost')]);
  await ingress.set('b', [route('b.localhost')]);
  expect(told).toEqual([]);
  await ingress.release();
  expect(hosts()).toEqual(['a.localhost', 'b.localhost']);
  await ingress.release();
  expect(told).toHaveLength(1);
});

test('while it is held, who says that something is done waits until it is served; when that fails, only who waited is told', async () => {
  const { ingress, state, told, hosts } = open();
  const done: string[] = [];
  const wait = async (name: string, work: Promise<void>) => await work.then(() => void done.push(name));
  ingress.hold();
  await ingress.set('a', [route('a.localhost')]);
  await ingress.set('b', [route('b.localhost')]);
  const waiting = [wait('served', ingress.served()), wait('removed', ingress.remove('b'))];
  await new Promise((resolve) => setImmediate(resolve));
  expect([done, told]).toEqual([[], []]);
  await ingress.release();
  await Promise.all(waiting);
  expect([done, hosts()]).toEqual([['served', 'removed'], ['a.localhost']]);

  ingress.hold();
  await ingress.set('a', [route('new.localhost')]);
  state.failing = true;
  const failing = ingress.served().catch(String);
  await expect(ingress.release()).rejects.toThrow('no');
  expect(await failing).toContain('no');
  await ingress.served();
});

test('the last one is taken away also while it is held, and when it could not be taken away at first', async () => {
  const { ingress, state, told } = open();
  ingress.hold();
  await ingress.set('a', [route('a.localhost')]);
  const removed = ingress.remove('a');
  await ingress.release();
  await removed;
  expect(told).toEqual([[]]);

  await ingress.set('b', [route('b.localhost')]);
  state.failing = true;
  await expect(ingress.remove('b')).rejects.toThrow('no');
  state.failing = false;
  await ingress.remove('b');
  expect(told.at(-1)).toEqual([]);
});

test('what has not changed is not told again, but what failed is', async () => {
  const { ingress, state, told } = open();
  await ingress.set('a', [route('a.localhost')]);
  await ingress.set('a', [route('a.localhost')]);
  expect(told).toHaveLength(1);
  state.failing = true;
  await expect(ingress.set('a', [route('new.localhost')])).rejects.toThrow('no');
  state.failing = false;
  await ingress.set('a', [route('new.localhost')]);
  expect(told).toHaveLength(2);
});

test('a proxy that ended by itself is told all again, and one that runs nothing', async () => {
  const { ingress, driver, state, told, hosts } = open();
  await ingress.tend();
  expect(told).toEqual([]);
  await ingress.set('a', [route('a.localhost')]);
  await ingress.tend();
  expect(told).toHaveLength(1);
  driver.alive = false;
  await ingress.tend();
  expect([told.length, hosts()]).toEqual([2, ['a.localhost']]);
  [driver.alive, state.failing] = [false, true];
  await expect(ingress.tend()).rejects.toThrow('no');
  state.failing = false;
  await ingress.tend();
  expect(told).toHaveLength(3);
});

test('only internal services have a login, and it is the one that holds at the moment', async () => {
  const { ingress, state, told } = open();
  await ingress.set('a', [route('a.localhost'), route('b.localhost', { internal: true })]);
  expect(told.at(-1)?.map(({ login }) => login?.bypass)).toEqual([undefined, 'old']);
  state.password = 'new';
  await ingress.refresh();
  expect(told.at(-1)?.map(({ login }) => login?.bypass)).toEqual([undefined, 'new']);
});

test('it knows whose an address is, and who has internal services there', async () => {
  const { ingress } = open();
  const path = { kind: 'prefix', value: '/api' } as const;
  await ingress.set('a', [route('x.localhost')]);
  await ingress.set('b', [route('x.localhost', { path, internal: true })]);
  expect(ingress.ownerOf('x.localhost', everyPath)).toBe('a');
  expect(ingress.ownerOf('x.localhost', path)).toBe('b');
  expect(ingress.internalAt('x.localhost')).toEqual(['b']);
  await ingress.remove('b');
  expect([ingress.ownerOf('x.localhost', path), ingress.internalAt('x.localhost')]).toEqual([null, []]);
});

test('where it cannot be read who is let in nobody is, and the routes of others are served', async () => {
  const { ingress, hosts } = open();
  await ingress.set('sick', [route('sick.localhost', { internal: true }), route('open.localhost')]);
  await ingress.set('a', [route('a.localhost', { internal: true })]);
  expect(hosts()).toEqual(['open.localhost', 'a.localhost']);
});
