// Answers what the server asks about running playgrounds. Nothing here changes desired state.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Answer, Question, SshAccess } from '@playhouse/contract/link/question';
import { selectTasks } from '@playhouse/contract/manifest/select-tasks';
import type { Task, TaskLog } from '@playhouse/contract/task';
import type { ExecResult } from '../guest/execution.ts';
import { printable } from '../guest/printable.ts';
import { readJournal } from './journal/read-journal.ts';
import { readSlice } from '../system/file-slice.ts';
import { TaskFiles } from '../tasks/task-files.ts';
import { readConsole } from './console-log.ts';
import { agentPlace, machineFiles } from './machine-specification.ts';
import { type PlannedMachine, planPlayground } from './playground-plan.ts';
import type { MachineRecord } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';

/** For all that is said to the machine; below the server’s patience of 10 s, so that the user gets to see the reason. */
const authorizeDeadlineMs = 8000;
/** What the command itself may take of that, by the machine’s clock. */
const scriptTimeoutMs = 6000;
/** Longest text of a machine that an error repeats. */
const detailLength = 300;

/** What is asked about a playground of machines. */
type PlaygroundQuestion = Exclude<
  Extract<Question, { playgroundId: string }>,
  { kind: `services.${string}` | 'logs.open' }
>;
type QuestionTools = Pick<PlayroomTools, 'agents' | 'paths' | 'records' | 'settings'> & {
  readonly giveInput: (playground: string, task: string, input: string) => Promise<Task>;
};

/** Adds a key to a user’s authorized_keys unless it is there. Runs inside the machine, as that user; $1 is the key. */
const authorizeScript = `
umask 077
mkdir -p ~/.ssh
grep -qxF -- "$1" ~/.ssh/authorized_keys 2>/dev/null || printf '%s\\n' "$1" >> ~/.ssh/authorized_keys
`;

/**
 * @throws PlayhouseError playground-unknown, machine-unknown, machine-not-running, ssh-disabled, guest-agent-silent,
 *   guest-agent-refused, journal-missing, journal-refused, task-unknown, task-input-refused
 */
export async function answer(
  tools: QuestionTools,
  question: PlaygroundQuestion,
  deadlineMs = authorizeDeadlineMs,
): Promise<Answer> {
  if (question.kind === 'task.log') return { kind: 'task.log', log: await readTaskLog(tools, question) };
  if (question.kind === 'task.input') {
    const { playgroundId, task, input } = question;
    return { kind: 'task.input', task: await tools.giveInput(playgroundId, task, input) };
  }
  const { machine, record } = findMachine(tools, question.playgroundId, question.machine);
  if (question.kind === 'ssh.authorize') {
    return { kind: 'ssh.authorize', access: await authorize(tools, question, machine, record, deadlineMs) };
  }
  if (question.kind === 'journal.read') {
    const place = agentPlace(tools.paths, question.playgroundId, machine);
    if (record.process === null) {
      throw new PlayhouseError('machine-not-running', {
        playground: question.playgroundId,
        machine: question.machine,
      });
    }
    return { kind: 'journal.read', journal: await readJournal(tools.agents, place, question) };
  }
  const { folder } = machineFiles(tools.paths, question.playgroundId, machine);
  return { kind: 'console.read', console: await readConsole(folder, question) };
}

/** @throws PlayhouseError playground-unknown, task-unknown */
async function readTaskLog(
  tools: QuestionTools,
  question: Extract<Question, { kind: 'task.log' }>,
): Promise<TaskLog> {
  const { playgroundId, task, offset, limit } = question;
  const order = tools.records.get(playgroundId)?.order;
  if (!order) throw new PlayhouseError('playground-unknown', { reference: playgroundId });
  const names = selectTasks(order.manifest.playground, order.conditions).map(({ name }) => name);
  // The name becomes part of a path: only those that exist do.
  if (!names.includes(task)) {
    throw new PlayhouseError('task-unknown', { playground: playgroundId, task, known: names.join(', ') });
  }
  return await readSlice(new TaskFiles(tools.paths, playgroundId).log(task), offset, limit);
}

function findMachine(tools: QuestionTools, playgroundId: string, name: string) {
  const record = tools.records.get(playgroundId);
  if (!record) throw new PlayhouseError('playground-unknown', { reference: playgroundId });
  const { machines } = planPlayground(record, tools.settings);
  const index = machines.findIndex(({ manifest }) => manifest.name === name);
  const [machine, machineRecord] = [machines[index], record.machines[index]];
  if (machine && machineRecord) return { machine, record: machineRecord };
  const known = machines.map(({ manifest }) => manifest.name).join(', ');
  throw new PlayhouseError('machine-unknown', { playground: playgroundId, machine: name, known });
}

async function authorize(
  tools: QuestionTools,
  question: Extract<Question, { kind: 'ssh.authorize' }>,
  machine: PlannedMachine,
  record: MachineRecord,
  deadlineMs: number,
): Promise<SshAccess> {
  const { playgroundId: playground, publicKey } = question;
  const { name, noSSH, defaultUser } = machine.manifest;
  if (noSSH) throw new PlayhouseError('ssh-disabled', { machine: name, playground });
  if (record.process === null || record.hostKey === null) {
    throw new PlayhouseError('machine-not-running', { playground, machine: name });
  }
  const user = question.user ?? defaultUser;
  const argv = ['/bin/sh', '-c', authorizeScript, 'authorize', publicKey] as const;
  const result = await tools.agents.use(
    agentPlace(tools.paths, playground, machine),
    { timeoutMs: deadlineMs, totalMs: deadlineMs },
    async (agent, signal) => await agent.exec({ argv, user, timeoutMs: scriptTimeoutMs, signal }),
  );
  if (result.exitCode !== 0) {
    const action = `authorise a key for ${user} on ${name}`;
    throw new PlayhouseError('guest-agent-refused', { action, detail: reasonOf(result) });
  }
  return { user, address: machine.edgeAddress, port: 22, hostKey: record.hostKey };
}

/** Why the command failed, in words for the user: the machine’s own are not trusted. */
function reasonOf({ exitCode, signal, timedOut, stderr }: ExecResult): string {
  if (timedOut) return `the command did not end within ${scriptTimeoutMs / 1000} s.`;
  const said = printable(stderr).trim().slice(0, detailLength);
  return said || (exitCode === null ? `signal ${signal} ended the command.` : `exit code ${exitCode}.`);
}
