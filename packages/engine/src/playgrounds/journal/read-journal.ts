import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { JournalChunk, Question } from '@playhouse/contract/link/question';
import type { AgentPlace, AgentPool } from '../../guest/agent-pool.ts';
import { printable } from '../../guest/printable.ts';
import { journalFields, parseJournal } from './parse-journal.ts';

export type JournalQuestion = Extract<Question, { kind: 'journal.read' }>;

/** Below the server’s patience of 30 s, so that the user gets to see the reason. */
const deadlineMs = 28_000;
const commandTimeoutMs = 25_000;
/** Kept of the output; whoever asks reads on from there. */
const outputLimit = 1024 * 1024;
const detailLength = 300;

/** Ends with 127 where there is no journalctl; which shells say so differs. */
const script = 'command -v journalctl > /dev/null 2>&1 || exit 127; exec journalctl "$@"';

/**
 * Asks journalctl inside the machine.
 * @throws PlayhouseError journal-missing, journal-refused, guest-agent-silent, guest-agent-refused
 */
export async function readJournal(
  agents: Pick<AgentPool, 'use'>,
  place: AgentPlace,
  question: JournalQuestion,
): Promise<JournalChunk> {
  const { machine, playground } = place;
  const limits = { timeoutMs: deadlineMs, totalMs: deadlineMs };
  const result = await agents.use(
    place,
    limits,
    async (agent, signal) =>
      await agent.exec({
        argv: ['/bin/sh', '-c', script, 'journalctl', ...journalArguments(question)],
        timeoutMs: commandTimeoutMs,
        maxOutputBytes: outputLimit,
        signal,
      }),
  );
  if (result.exitCode === 127) throw new PlayhouseError('journal-missing', { machine, playground });
  if (result.timedOut) {
    const seconds = commandTimeoutMs / 1000;
    throw new PlayhouseError('guest-agent-silent', { machine, playground, seconds });
  }
  if (result.exitCode !== 0) {
    const said = printable(result.stderr).trim().slice(0, detailLength);
    throw new PlayhouseError('journal-refused', { machine, detail: said || 'journalctl failed.' });
  }
  const { entries, cursor } = parseJournal(result.stdout);
  return { entries: [...entries], cursor, more: result.truncated && entries.length > 0 };
}

/** Values are never words of their own: none can become an option. */
export function journalArguments({ unit, lines, since, until, after }: JournalQuestion): readonly string[] {
  return [
    '--output=json',
    '--no-pager',
    '--quiet',
    `--output-fields=${journalFields.join(',')}`,
    // The last so many of what came after a cursor would leave a gap.
    ...(after === null ? [`--lines=${lines}`] : [`--after-cursor=${after}`]),
    ...(unit === null ? [] : [`--unit=${unit}`]),
    ...(since === null ? [] : [`--since=${since}`]),
    ...(until === null ? [] : [`--until=${until}`]),
  ];
}
