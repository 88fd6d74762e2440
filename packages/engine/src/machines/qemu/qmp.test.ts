import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '../../system/testing/temporary-directory.ts';
import { QmpConnection } from './qmp.ts';

interface Order {
  readonly execute: string;
  readonly arguments: Record<string, unknown>;
  readonly id: number;
}

/** A monitor that greets as QEMU does, and answers as the test wants; `qmp_capabilities` is agreed to. */
async function monitor(react: (order: Order, say: (message: unknown) => void, socket: Socket) => void) {
  const path = `${await temporaryDirectory()}/qmp`;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const say = (message: unknown) => socket.write(`${JSON.stringify(message)}\r\n`);
    say({ QMP: { version: { qemu: { major: 7, minor: 2 } }, capabilities: [] } });
    createInterface({ input: socket }).on('line', (line) => {
      const order = JSON.parse(line) as Order;
      if (order.execute === 'qmp_capabilities') say({ return: {}, id: order.id });
      else react(order, say, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return path;
}

test('gives what a command returned', async () => {
  const path = await monitor(({ execute, arguments: given, id }, say) =>
    say({ return: { execute, given }, id }),
  );
  const connection = await QmpConnection.open(path);
  expect(await connection.execute('stop', { now: true })).toEqual({ execute: 'stop', given: { now: true } });
  connection.close();
});

test('matches answers by id, whatever comes in between', async () => {
  const orders: Order[] = [];
  const path = await monitor((order, say) => {
    orders.push(order);
    if (orders.length < 2) return;
    say({ event: 'STOP', timestamp: {} });
    for (const { execute, id } of orders.toReversed()) say({ return: execute, id });
  });
  const connection = await QmpConnection.open(path);
  expect(await Promise.all([connection.execute('one'), connection.execute('two')])).toEqual(['one', 'two']);
  connection.close();
});

test('a refused command fails with what QEMU said', async () => {
  const path = await monitor(({ id }, say) =>
    say({ error: { class: 'GenericError', desc: 'no such node' }, id }),
  );
  const connection = await QmpConnection.open(path);
  await expect(connection.execute('blockdev-del')).rejects.toThrow('GenericError: no such node');
  connection.close();
});

test('a command without an answer fails after its time', async () => {
  const path = await monitor(() => {});
  const connection = await QmpConnection.open(path);
  await expect(connection.execute('cont', {}, 30)).rejects.toThrow('no answer to cont within 30 ms');
  connection.close();
});

test('when the monitor closes, waiting and later commands fail, and it is told', async () => {
  const path = await monitor((_order, _say, socket) => socket.destroy());
  const connection = await QmpConnection.open(path);
  await expect(connection.execute('quit')).rejects.toThrow('monitor closed');
  await connection.closed;
  await expect(connection.execute('cont')).rejects.toThrow('monitor is closed');
});

test('closing it ends it', async () => {
  const connection = await QmpConnection.open(await monitor(() => {}));
  connection.close();
  await connection.closed;
  await expect(connection.execute('cont')).rejects.toThrow('monitor is closed');
});

test('fails at once where nothing listens', async () => {
  await expect(QmpConnection.open(`${await temporaryDirectory()}/none`)).rejects.toThrow('ENOENT');
});
