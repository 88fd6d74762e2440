import type { Question } from '@playhouse/contract/link/question';
import { expect, test } from 'vitest';
import { AgentPool } from '../guest/agent-pool.ts';
import { GuestAgent } from '../guest/guest-agent.ts';
import { FrameType, type Frame, encodeFrame } from '../guest/frames.ts';
import { startHostileAgent } from '../guest/hostile-agent.ts';
import { enginePaths } from '../system/engine-paths.ts';
import { sampleId, samplePlayground } from '../testing/sample-playground.ts';
import { answer } from './questions.ts';

const settings = { devices: 'ph', edgeRange: '100.64.0.0/16' };
const process = { pid: 1, startTime: '1', bootId: 'b' };

/** Asks for SSH on a machine whose agent answers EXEC with these frames. */
async function authorize(
  replies: readonly [type: number, payload: Buffer][],
  machine = 'web',
  deadlineMs = 5000,
) {
  const socket = await startHostileAgent(({ channel, type }: Frame, connection) => {
    if (type !== FrameType.exec) return;
    for (const [reply, payload] of replies) connection.write(encodeFrame(channel, reply, payload));
  });
  const sample = samplePlayground();
  const machines = sample.machines.map((record) => ({ ...record, process, hostKey: 'ssh-ed25519 H' }));
  const tools = {
    paths: enginePaths({ stateDirectory: '/nowhere' }),
    records: { get: () => ({ ...sample, machines }) },
    settings,
    agents: new AgentPool(async (_, options) => await GuestAgent.connect(socket, options)),
  } as unknown as Parameters<typeof answer>[0];
  const question: Question = {
    kind: 'ssh.authorize',
    playgroundId: sampleId,
    machine,
    user: null,
    publicKey: 'ssh-ed25519 AAAA me',
  };
  return await answer(tools, question, deadlineMs);
}

function exit(kind: number, value: number): [number, Buffer] {
  return [FrameType.exit, Buffer.from([kind, value, 0, 0, 0])];
}

test('a key is authorised for the default user', async () => {
  expect(await authorize([exit(0, 0)])).toMatchObject({
    access: { user: 'laborant', hostKey: 'ssh-ed25519 H' },
  });
});

test('a machine without SSH says so and names the console', async () => {
  await expect(authorize([], 'db')).rejects.toMatchObject({
    code: 'ssh-disabled',
    status: 409,
    hint: `Look at its console with \`playhouse console ${sampleId} db\`.`,
  });
});

test.each([
  ['its exit code', [exit(0, 3)], 'exit code 3.'],
  ['the signal that ended it', [exit(1, 9)], 'signal 9 ended the command.'],
  ['that it took too long', [exit(2, 9)], 'the command did not end within 6 s.'],
] as const)('a command that fails tells %s', async (_, replies, detail) => {
  await expect(authorize([...replies])).rejects.toMatchObject({
    code: 'guest-agent-refused',
    message: `The guest agent could not authorise a key for laborant on web: ${detail}`,
  });
});

test('what the command said reaches nobody’s terminal raw, and not at any length', async () => {
  const said = Buffer.from(`\u001B]0;title\u0007${'x'.repeat(1000)}`);
  await expect(authorize([[FrameType.stderr, said], exit(0, 1)])).rejects.toMatchObject({
    message: `The guest agent could not authorise a key for laborant on web: ]0;title${'x'.repeat(292)}`,
  });
});

test('a machine that greets and then says nothing is given up at the one deadline', async () => {
  await expect(authorize([], 'web', 200)).rejects.toMatchObject({
    code: 'guest-agent-silent',
    message: 'The guest agent of machine web did not answer within 0.2 s.',
    hint: expect.stringContaining(`${sampleId} web`) as string,
  });
});
