// Answers what the server asks about running playgrounds. Nothing here changes desired state.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { Answer, Question, SshAccess } from '@playhouse/contract/link/question';
import { readConsole } from './console-log.ts';
import { machineFiles } from './machine-specification.ts';
import { type PlannedMachine, planPlayground } from './playground-plan.ts';
import type { MachineRecord } from './playground-record.ts';
import type { PlayroomTools } from './playroom-tools.ts';

const agentTimeoutMs = 8000;

/** Adds a key to a user’s authorized_keys unless it is there. Runs inside the machine, as that user; $1 is the key. */
const authorizeScript = `
umask 077
mkdir -p ~/.ssh
grep -qxF -- "$1" ~/.ssh/authorized_keys 2>/dev/null || printf '%s\\n' "$1" >> ~/.ssh/authorized_keys
`;

/** @throws PlayhouseError playground-unknown, machine-unknown, machine-not-running, guest-agent-silent, guest-agent-refused */
export async function answer(tools: PlayroomTools, question: Question): Promise<Answer> {
  const { machine, record } = findMachine(tools, question.playgroundId, question.machine);
  if (question.kind === 'ssh.authorize') {
    return { kind: 'ssh.authorize', access: await authorize(tools, question, machine, record) };
  }
  const { folder } = machineFiles(tools.paths, question.playgroundId, machine);
  return { kind: 'console.read', console: await readConsole(folder, question) };
}

function findMachine(tools: PlayroomTools, playgroundId: string, name: string) {
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
  tools: PlayroomTools,
  question: Extract<Question, { kind: 'ssh.authorize' }>,
  machine: PlannedMachine,
  record: MachineRecord,
): Promise<SshAccess> {
  const { playgroundId, publicKey } = question;
  const { name, noSSH, defaultUser } = machine.manifest;
  if (record.process === null || record.hostKey === null) {
    throw new PlayhouseError('machine-not-running', { playground: playgroundId, machine: name });
  }
  const user = question.user ?? defaultUser;
  if (noSSH) {
    const detail = 'the manifest says noSSH for this machine';
    throw new PlayhouseError('guest-agent-refused', { action: `let ${user} log in on ${name}`, detail });
  }
  const { agentSocket } = machineFiles(tools.paths, playgroundId, machine);
  const signal = AbortSignal.timeout(agentTimeoutMs);
  const agent = await tools.connectAgent(agentSocket, agentTimeoutMs, signal).catch((cause: unknown) => {
    const seconds = agentTimeoutMs / 1000;
    throw new PlayhouseError(
      'guest-agent-silent',
      { machine: name, playground: playgroundId, seconds },
      { cause },
    );
  });
  try {
    const result = await agent.exec({
      argv: ['/bin/sh', '-c', authorizeScript, 'authorize', publicKey],
      user,
      timeoutMs: agentTimeoutMs,
    });
    if (result.exitCode !== 0) {
      const detail = result.stderr.trim() || `exit code ${result.exitCode}`;
      throw new PlayhouseError('guest-agent-refused', {
        action: `authorise a key for ${user} on ${name}`,
        detail,
      });
    }
  } finally {
    agent.close();
  }
  return { user, address: machine.edgeAddress, port: 22, hostKey: record.hostKey };
}
