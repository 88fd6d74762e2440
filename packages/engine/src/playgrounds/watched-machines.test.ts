import { expect, test } from 'vitest';
import type { MachineEnd, RunningMachine } from '../machines/machine-driver.ts';
import { WatchedMachines } from './watched-machines.ts';

/** Watches a machine; says what was told of its end, and whether it was let go of. */
function watch() {
  const watched = new WatchedMachines();
  const told: string[] = [];
  const { promise, resolve } = Promise.withResolvers<MachineEnd>();
  const running = { ended: promise, release: () => told.push('let go') } as unknown as RunningMachine;
  watched.watch('playground', 'web', running, (end) => told.push(end));
  const end = async () => {
    resolve('off');
    await watched.ended('playground', 'web');
    await new Promise(setImmediate);
    return told;
  };
  return { watched, told, end };
}

test('a machine that ends by itself is told', async () => {
  const { end } = watch();
  expect(await end()).toEqual(['off']);
});

test('one whose end is expected is looked after until then, and nobody is surprised', async () => {
  const { watched, told, end } = watch();
  watched.expectEnd('playground', 'web');
  expect(told).toEqual([]);
  expect(watched.get('playground', 'web')).toBeDefined();
  expect(await end()).toEqual([]);
  expect(watched.get('playground', 'web')).toBeUndefined();
});

test('one that is let go of is nobody’s any more', async () => {
  const { watched, end } = watch();
  watched.unwatch('playground', 'web');
  expect(await end()).toEqual(['let go']);
});
