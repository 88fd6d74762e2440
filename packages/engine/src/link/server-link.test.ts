import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Command } from '@playhouse/contract/link/command';
import {
  type EngineMessage,
  engineMessageSchema,
  type ServerMessage,
} from '@playhouse/contract/link/protocol';
import type { OperationReport } from '@playhouse/contract/link/report';
import { createServer } from 'node:http';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { temporaryDirectory } from '../system/testing/temporary-directory.ts';
import { Outbox } from './outbox.ts';
import { type LinkHandlers, ServerLink } from './server-link.ts';

const operationId = 'a'.repeat(24);
const playgroundId = 'b'.repeat(24);
const command: Command = { kind: 'source.bake', operationId, source: 'debian-12' };
const inventory = {
  accelerator: null,
  runsOn: 'qemu 7.2 tcg',
  cpuCount: 2,
  memoryBudgetBytes: 1,
  sources: [],
  kernels: [],
};
const report: OperationReport = { operationId, revision: 5, status: 'succeeded', steps: [], error: null };
const question = {
  kind: 'ssh.authorize',
  playgroundId,
  machine: 'vm-1',
  user: null,
  publicKey: 'k',
} as const;

/** The server’s end on a unix socket: hears everything, says what the test wants. */
class TestServer {
  readonly heard: EngineMessage[] = [];
  sockets: WebSocket[] = [];

  static async listen(path: string): Promise<TestServer> {
    const server = new TestServer();
    const http = createServer();
    const sockets = new WebSocketServer({ server: http, path: '/link' });
    sockets.on('connection', (socket) => {
      server.sockets.push(socket);
      socket.on('message', (data: Buffer) => {
        server.heard.push(engineMessageSchema.parse(JSON.parse(data.toString())));
      });
    });
    await new Promise<void>((resolve) => http.listen(path, resolve));
    onTestFinished(() => {
      for (const socket of server.sockets) socket.terminate();
      http.close();
    });
    return server;
  }

  say(message: ServerMessage | string): void {
    this.sockets.at(-1)?.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The message of this type that came as the `count`th, once it has come. */
  async hears<T extends EngineMessage['type']>(
    type: T,
    count = 1,
  ): Promise<Extract<EngineMessage, { type: T }>> {
    return await vi.waitFor(() => {
      const found = this.heard.filter((message) => message.type === type)[count - 1];
      if (found === undefined)
        throw new Error(`heard ${this.heard.map((message) => message.type).join(', ')}`);
      return found as Extract<EngineMessage, { type: T }>;
    });
  }
}

async function open(handlers: Partial<LinkHandlers> = {}, listening = true) {
  const socket = `${await temporaryDirectory()}/link.sock`;
  const server = listening ? await TestServer.listen(socket) : null;
  const outbox = new Outbox();
  const link = new ServerLink({
    socket,
    installation: '1a2b',
    version: '1.2.3',
    outbox,
    log: pino({ level: 'silent' }),
    handlers: {
      command: async () => {},
      question: async () => {
        throw new Error('not asked');
      },
      reported: async () => {},
      inventory: async () => inventory,
      ...handlers,
    },
  });
  link.open();
  onTestFinished(() => link.close());
  return { server: server as TestServer, outbox, link, socket };
}

test('greets with protocol, version and inventory', async () => {
  const { server } = await open();
  expect(await server.hears('hello')).toEqual({
    type: 'hello',
    protocol: { min: 1, max: 1 },
    installation: '1a2b',
    version: '1.2.3',
    inventory,
  });
});

test('dials until there is a server', async () => {
  const { socket } = await open({}, false);
  const server = await TestServer.listen(socket);
  expect((await server.hears('hello')).installation).toBe('1a2b');
});

test('reports go out after the welcome, and again after a reconnect until they are acknowledged', async () => {
  const { server, outbox } = await open();
  outbox.report(report);
  await server.hears('hello');
  expect(server.heard).toHaveLength(1);
  server.say({ type: 'welcome', protocol: 1 });
  await server.hears('operation');
  server.sockets[0]?.terminate();
  await server.hears('hello', 2);
  server.say({ type: 'welcome', protocol: 1 });
  expect(await server.hears('operation', 2)).toEqual({ type: 'operation', report });
  server.say({ type: 'reported', subject: operationId, revision: 5 });
  server.say({ type: 'command', sequence: 1, command });
  await server.hears('accepted');
  server.sockets[1]?.close();
  await server.hears('hello', 3);
  server.say({ type: 'welcome', protocol: 1 });
  server.say({ type: 'command', sequence: 1, command });
  await server.hears('accepted', 2);
  expect(server.heard.filter(({ type }) => type === 'operation')).toHaveLength(2);
});

test('a command is acknowledged only when it is durable', async () => {
  const durable = Promise.withResolvers<void>();
  const { server } = await open({ command: async () => await durable.promise });
  await server.hears('hello');
  server.say({ type: 'command', sequence: 7, command });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.heard.map(({ type }) => type)).toEqual(['hello']);
  durable.resolve();
  expect(await server.hears('accepted')).toEqual({ type: 'accepted', sequence: 7 });
});

test('commands are accepted one after the other, in their order', async () => {
  const accepted: number[] = [];
  const { server } = await open({
    command: async (sequence) => {
      await new Promise((resolve) => setTimeout(resolve, sequence === 1 ? 30 : 0));
      accepted.push(sequence);
    },
  });
  await server.hears('hello');
  for (const sequence of [1, 2, 3]) server.say({ type: 'command', sequence, command });
  await server.hears('accepted', 3);
  expect(accepted).toEqual([1, 2, 3]);
});

test('when a command cannot be accepted, neither it nor a later one is acknowledged, and the link is dialled anew', async () => {
  const tried: number[] = [];
  const { server } = await open({
    command: async (sequence) => {
      tried.push(sequence);
      if (tried.length === 1) throw new Error('ENOSPC');
    },
  });
  await server.hears('hello');
  for (const sequence of [1, 2]) server.say({ type: 'command', sequence, command });
  await server.hears('hello', 2);
  expect(tried).toEqual([1]);
  for (const sequence of [1, 2]) server.say({ type: 'command', sequence, command });
  await server.hears('accepted', 2);
  expect(tried).toEqual([1, 1, 2]);
});

test('a repeated command is dealt with before the acknowledgement that makes its operation forgotten', async () => {
  const order: string[] = [];
  const { server } = await open({
    command: async (sequence) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`command ${sequence}`);
    },
    reported: async () => void order.push('reported'),
  });
  await server.hears('hello');
  for (const sequence of [1, 2]) server.say({ type: 'command', sequence, command });
  server.say({ type: 'reported', subject: operationId, revision: 5 });
  await vi.waitFor(() => expect(order).toEqual(['command 1', 'command 2', 'reported']));
});

test('a question is answered after the commands that came before it', async () => {
  const order: string[] = [];
  const { server } = await open({
    command: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push('command');
    },
    question: async () => {
      order.push('question');
      return { kind: 'credential.list', credentials: [] };
    },
  });
  await server.hears('hello');
  server.say({ type: 'command', sequence: 1, command });
  server.say({ type: 'question', id: 1, question: { kind: 'credential.list', owner: 'bob' } });
  await server.hears('answer');
  expect(order).toEqual(['command', 'question']);
});

test('answers a question, and refuses with the error of the catalogue', async () => {
  const access = { user: 'root', address: '100.64.0.3', port: 22, hostKey: 'ssh-ed25519 A' };
  const { server } = await open({
    question: async (question) => {
      const machine = 'machine' in question ? question.machine : '';
      if (machine === 'vm-1') return { kind: 'ssh.authorize', access };
      throw new PlayhouseError('machine-unknown', { playground: '42', machine, known: 'vm-1' });
    },
  });
  await server.hears('hello');
  server.say({ type: 'question', id: 1, question });
  expect(await server.hears('answer')).toEqual({
    type: 'answer',
    id: 1,
    answer: { kind: 'ssh.authorize', access },
  });
  server.say({ type: 'question', id: 2, question: { ...question, machine: 'vm-9' } });
  expect(await server.hears('refusal')).toMatchObject({ id: 2, error: { code: 'machine-unknown' } });
});

test('what it does not understand changes nothing', async () => {
  const { server } = await open();
  await server.hears('hello');
  for (const text of ['{', 'null', '{"type":"dance"}', '{"type":"command","sequence":1}']) server.say(text);
  server.say({ type: 'command', sequence: 2, command });
  expect(await server.hears('accepted')).toEqual({ type: 'accepted', sequence: 2 });
  expect(server.sockets).toHaveLength(1);
});

test('when what it has cannot be told, it tries again', async () => {
  let failures = 1;
  const { server } = await open({
    inventory: async () => {
      if (failures-- > 0) throw new Error('EIO');
      return inventory;
    },
  });
  await server.hears('hello');
  expect(server.sockets).toHaveLength(2);
});

test('tells a changed inventory', async () => {
  const { server, link } = await open();
  await server.hears('hello');
  await link.tellInventory();
  expect(await server.hears('inventory')).toEqual({ type: 'inventory', inventory });
});

test('a closed link does not dial again', async () => {
  const { server, link } = await open();
  await server.hears('hello');
  link.close();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(server.sockets).toHaveLength(1);
});
