import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { consoleTail } from '../console-log.ts';
import { machineFiles } from '../machine-specification.ts';
import type { PlannedMachine } from '../playground-plan.ts';
import type { StartContext } from './start-context.ts';

const attemptTimeoutMs = 2000;
const pauseMs = 50;

/**
 * Waits until the machine’s sshd greets on its host-side address.
 * @throws PlayhouseError machine-boot-timeout, or machine-without-sshd where nothing listens; with the end of the console
 */
export async function untilSshAnswers(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  machine: PlannedMachine,
  boot: number,
  signal: AbortSignal,
): Promise<void> {
  if (machine.manifest.noSSH) return;
  const deadline = performance.now() + tools.bootTimeoutMs();
  for (;;) {
    const answer = await knock(machine.edgeAddress, 22);
    if (answer === 'greeting') return;
    signal.throwIfAborted();
    if (performance.now() > deadline) throw await silenceOf({ tools, id }, machine, boot, answer);
    await setTimeout(pauseMs);
  }
}

/** Why nobody can log in: what the last knock says, and what the image was seen to have. */
async function silenceOf(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  machine: PlannedMachine,
  boot: number,
  answer: Answer,
): Promise<PlayhouseError> {
  const { name } = machine.manifest;
  const { consoleLog } = machineFiles(tools.paths, id, machine);
  const facts = {
    machine: name,
    playground: id,
    seconds: tools.bootTimeoutMs() / 1000,
    tail: await consoleTail(consoleLog(boot)),
  };
  const root = machine.drives.findIndex(({ mount }) => mount === '/');
  const record = tools.records.get(id)?.machines.find((each) => each.name === name);
  const layer = record?.drives[root]?.layer ?? null;
  const image = layer === null ? null : ((await tools.sources.describe(layer))?.image ?? null);
  if (image !== null && image.sshServer === null) {
    const detail = `Its image ${machine.source} has none: there is no /usr/sbin/sshd.`;
    return new PlayhouseError('machine-without-sshd', { ...facts, detail });
  }
  if (answer !== 'refusal') return new PlayhouseError('machine-boot-timeout', facts);
  return new PlayhouseError('machine-without-sshd', {
    ...facts,
    detail: 'The machine refuses connections there.',
  });
}

type Answer = 'greeting' | 'refusal' | 'silence';

/** What comes back from a port: an SSH server’s greeting, the word that nothing listens, or nothing of use. */
async function knock(host: string, port: number): Promise<Answer> {
  const socket = connect({ host, port, timeout: attemptTimeoutMs });
  try {
    return await new Promise<Answer>((resolve) => {
      socket.once('data', (data) =>
        resolve(data.toString('latin1').startsWith('SSH-') ? 'greeting' : 'silence'),
      );
      socket.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ECONNREFUSED' ? 'refusal' : 'silence'),
      );
      for (const event of ['timeout', 'close'] as const) socket.once(event, () => resolve('silence'));
    });
  } finally {
    socket.destroy();
  }
}
