import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { MachineSpec } from '../machine-driver.ts';
import { incomingSocket } from './machine-line.ts';
import type { QmpConnection } from './qmp.ts';

const timeoutMs = 30_000;
const pauseMs = 2;

/** Gives a machine that waits for it the state of its devices; it stands still afterwards, as it did when it was cut. */
export async function takeUp(
  spec: Pick<MachineSpec, 'controlSocket'>,
  monitor: Pick<QmpConnection, 'execute'>,
  devices: Buffer,
): Promise<void> {
  const socket = connect(incomingSocket(spec));
  const closed = once(socket, 'close');
  socket.end(devices);
  await closed;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { status } = (await monitor.execute('query-status')) as { status: string };
    if (status !== 'inmigrate') return;
    if (performance.now() > deadline) throw new Error('it does not take up the state of its devices');
    await setTimeout(pauseMs);
  }
}
