import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { QmpEvent } from './qmp.ts';
import { goOnWhenThereIsRoom } from './room-on-disk.ts';

/** A machine whose disk takes nothing for its first `tries` to go on. */
function machine(status: string, tries = 0) {
  const listeners = new Map<string, (event: QmpEvent) => void>();
  const state = { status, conts: 0 };
  const fill = (action = 'stop') => {
    if (action === 'stop') state.status = 'io-error';
    listeners.get('BLOCK_IO_ERROR')?.({ action });
  };
  const monitor = {
    held: false,
    closed: new Promise<void>(() => {}),
    on: (name: string, listener: (event: QmpEvent) => void) => void listeners.set(name, listener),
    execute: async (command: string) => {
      if (command === 'query-status') return await Promise.resolve({ status: state.status });
      state.conts += 1;
      state.status = 'running';
      if (state.conts <= tries) queueMicrotask(() => fill());
      return {};
    },
  };
  goOnWhenThereIsRoom(monitor, 5);
  return { state, fill, monitor };
}

test('a machine that stands still because the disk is full is tried until it goes on', async () => {
  const { state, fill } = machine('running', 3);
  fill();
  await expect.poll(() => state).toEqual({ status: 'running', conts: 4 });
  await setTimeout(30);
  expect(state.conts).toBe(4);
});

test('one that is being cut is not made to go on', async () => {
  const { state, fill, monitor } = machine('running');
  fill();
  monitor.held = true;
  await setTimeout(30);
  expect(state).toEqual({ status: 'io-error', conts: 0 });
});

test('one whose guest was told is left alone', async () => {
  const { state, fill } = machine('running');
  fill('report');
  await setTimeout(30);
  expect(state).toEqual({ status: 'running', conts: 0 });
});
