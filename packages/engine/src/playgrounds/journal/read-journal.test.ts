import { expect, test } from 'vitest';
import type { AgentPool, AgentWork, UseOptions } from '../../guest/agent-pool.ts';
import type { ExecResult } from '../../guest/execution.ts';
import type { ExecOptions, GuestAgent } from '../../guest/guest-agent.ts';
import { journalArguments, type JournalQuestion, readJournal } from './read-journal.ts';

const question: JournalQuestion = {
  kind: 'journal.read',
  playgroundId: 'a'.repeat(24),
  machine: 'web',
  unit: null,
  lines: 10,
  since: null,
  until: null,
  after: null,
};
const entry = '{"__CURSOR":"c1","__REALTIME_TIMESTAMP":"1764100000123456","MESSAGE":"hi"}\n';

async function read(result: Partial<ExecResult>, asked: Partial<JournalQuestion> = {}) {
  const commands: ExecOptions[] = [];
  const agent = {
    exec: async (command: ExecOptions): Promise<ExecResult> => {
      commands.push(command);
      const quiet = { signal: null, timedOut: false, stdout: '', stderr: '', truncated: false };
      return { ...quiet, exitCode: 0, ...result };
    },
  } as unknown as GuestAgent;
  const agents: Pick<AgentPool, 'use'> = {
    use: async <T>(_: unknown, __: UseOptions, work: AgentWork<T>) =>
      await work(agent, new AbortController().signal),
  };
  const place = { socket: '/s', machine: 'web', playground: 'p' };
  return { chunk: await readJournal(agents, place, { ...question, ...asked }), commands };
}

test('what journalctl prints, and whether there is more', async () => {
  expect((await read({ stdout: entry })).chunk).toMatchObject({
    entries: [{ message: 'hi' }],
    cursor: 'c1',
    more: false,
  });
  expect((await read({ stdout: `${entry}{"half`, truncated: true })).chunk.more).toBe(true);
});

test('each value stays the value of its option', () => {
  const hostile = {
    unit: '--vacuum-size=1',
    since: '--rotate',
    until: '; reboot',
    after: '--file=/etc/shadow',
  };
  expect(journalArguments({ ...question, ...hostile }).slice(4)).toEqual([
    '--after-cursor=--file=/etc/shadow',
    '--unit=--vacuum-size=1',
    '--since=--rotate',
    '--until=; reboot',
  ]);
  expect(journalArguments(question).at(-1)).toBe('--lines=10');
});

test.each([
  [{ exitCode: 127 }, 'journal-missing', 'has no `journalctl`'],
  [
    { exitCode: 1, stderr: '\u001B[1mFailed to parse\u0007 timestamp: x' },
    'journal-refused',
    ': Failed to parse timestamp: x',
  ],
  [{ exitCode: null, timedOut: true }, 'guest-agent-silent', 'within 25 s'],
] as const)('%j is %s', async (result, code, message) => {
  await expect(read(result)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
});
