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
 * @throws PlayhouseError machine-boot-timeout, with the end of the console
 */
export async function untilSshAnswers(
  { tools, id }: Pick<StartContext, 'tools' | 'id'>,
  machine: PlannedMachine,
  boot: number,
  signal: AbortSignal,
): Promise<void> {
  if (machine.manifest.noSSH) return;
  const deadline = performance.now() + tools.bootTimeoutMs();
  while (!(await greets(machine.edgeAddress, 22))) {
    signal.throwIfAborted();
    if (performance.now() > deadline) {
      const { consoleLog } = machineFiles(tools.paths, id, machine);
      throw new PlayhouseError('machine-boot-timeout', {
        machine: machine.manifest.name,
        playground: id,
        seconds: tools.bootTimeoutMs() / 1000,
        tail: await consoleTail(consoleLog(boot)),
      });
    }
    await setTimeout(pauseMs);
  }
}

/** True when an SSH server’s greeting comes back. */
async function greets(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: attemptTimeoutMs });
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once('data', (data) => resolve(data.toString('latin1').startsWith('SSH-')));
      for (const event of ['error', 'timeout', 'close'] as const) socket.once(event, () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
