import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { FrameType, HEADER_SIZE, MAX_PAYLOAD, type Frame, encodeFrame } from './frames.ts';
import { GuestAgent } from './guest-agent.ts';
import { startHostileAgent } from './hostile-agent.ts';

const replies = Object.entries(FrameType).filter(([, type]) => type >= 0x80);
const payloads: readonly (readonly [string, Buffer])[] = [
  ['no payload', Buffer.alloc(0)],
  ['one byte', Buffer.alloc(1, 0xff)],
  ['three bytes', Buffer.alloc(3, 0xff)],
  ['the longest payload', Buffer.alloc(MAX_PAYLOAD, 0xff)],
];
const cases = replies.flatMap(([name, type]) =>
  payloads.map(([size, payload]) => [name, size, type, payload] as const),
);

async function connectTo(answer: (frame: Frame, socket: Socket) => void): Promise<GuestAgent> {
  const path = await startHostileAgent(answer);
  const agent = await GuestAgent.connect(path, { timeoutMs: 5000, machine: 'web', playground: 'p1' });
  onTestFinished(() => agent.close());
  return agent;
}

/** The error that ends the work, or `done`. */
async function outcome(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => ({ code: 'done' }),
    (error: unknown) => error,
  );
}

test.each(cases)('%s with %s ends a request and harms nothing', async (_name, _size, type, payload) => {
  const agent = await connectTo(({ channel }, socket) => {
    for (const to of [0, channel, channel + 1, 0xffffffff]) socket.write(encodeFrame(to, type, payload));
    const beyond = encodeFrame(channel, type);
    beyond.writeUInt32LE(MAX_PAYLOAD + 1, HEADER_SIZE - 4);
    socket.end(Buffer.concat([beyond, encodeFrame(channel, type, payload).subarray(0, HEADER_SIZE)]));
  });
  const results = await Promise.all([
    outcome(agent.exec({ argv: ['true'], stdin: 'x' })),
    outcome(agent.sync()),
    outcome(agent.writeFile({ path: '/x', content: 'y' })),
  ]);
  const refusals = ['guest-agent-refused', 'guest-agent-silent'];
  // OK is an answer to all but a command.
  const allowed = type === FrameType.ok ? [...refusals, 'done'] : refusals;
  expect(refusals).toContain((results[0] as { code: string }).code);
  for (const result of results) expect(allowed).toContain((result as { code: string }).code);
});

test.each([
  ['EXIT', FrameType.exit],
  ['STDIN_CREDIT', FrameType.stdinCredit],
  ['ERROR', FrameType.error],
])('%s without its numbers is refused at once', async (_, type) => {
  const agent = await connectTo(({ channel }, socket) => socket.write(encodeFrame(channel, type)));
  await expect(agent.exec({ argv: ['true'], stdin: 'x' })).rejects.toMatchObject({
    code: 'guest-agent-refused',
    message: 'The guest agent could not run true: its answer is malformed.',
  });
});

test('a listener that throws costs the session, not the process', async () => {
  const agent = await connectTo(({ channel }, socket) =>
    socket.write(encodeFrame(channel, FrameType.stdout)),
  );
  const onOutput = (): never => {
    throw new Error('thrown by a listener');
  };
  const error = await outcome(agent.exec({ argv: ['true'], onOutput }));
  expect(error).toMatchObject({
    code: 'guest-agent-silent',
    cause: { cause: { message: 'thrown by a listener' } },
  });
});

test('a silent machine is named with its playground', async () => {
  const path = await startHostileAgent(() => undefined);
  const options = { timeoutMs: 100, machine: 'web', playground: 'p1' };
  await expect(GuestAgent.connect(`${path}.none`, options)).rejects.toMatchObject({
    code: 'guest-agent-silent',
    message: 'The guest agent of machine web did not answer within 0.1 s.',
    hint: 'The machine may be overloaded or have crashed: see `playhouse console p1 web`.',
  });
});

test('what a refusal says reaches nobody’s terminal raw, and not at any length', async () => {
  const text = Buffer.from(`\0\0\0\0\u001B]0;title\u0007${'x'.repeat(1000)}`);
  const agent = await connectTo(({ channel }, socket) =>
    socket.write(encodeFrame(channel, FrameType.error, text)),
  );
  const error = (await outcome(agent.sync())) as Error;
  expect(error.message).toBe(`The guest agent could not sync: ]0;title${'x'.repeat(292)}.`);
});
