import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { MAX_PAYLOAD } from './frames.ts';

/** A command to run inside a machine. */
export interface ExecCommand {
  /** Program (looked up in PATH) and arguments; no shell is involved. */
  readonly argv: readonly [string, ...string[]];
  /** Added to PATH, HOME, USER, LOGNAME and SHELL of the user. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the user's home. */
  readonly cwd?: string;
  /** Name or number, looked up in the machine's /etc/passwd. Default: root. */
  readonly user?: string;
  /** After this the command's process group is killed, by the machine's own clock. Default: never. */
  readonly timeoutMs?: number;
}

/** Last byte of a whole EXEC payload: the agent runs nothing without it. */
const EXEC_END = 0x7f;

/**
 * The payload of an EXEC frame.
 * @throws PlayhouseError guest-agent-refused when it does not fit a frame or holds a NUL.
 */
export function encodeExec(command: ExecCommand): Buffer {
  const environment = Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const strings = [command.user ?? 'root', command.cwd ?? '', ...command.argv, ...environment];
  const refuse = (detail: string): never => {
    throw new PlayhouseError('guest-agent-refused', { action: `run ${command.argv[0]}`, detail });
  };
  if (strings.some((text) => text.includes('\0'))) refuse('an argument holds a NUL character.');
  const counts = Buffer.alloc(8);
  const body = Buffer.from(strings.map((text) => `${text}\0`).join(''));
  if (counts.length + body.length + 1 > MAX_PAYLOAD)
    refuse('arguments and environment exceed 32 KiB; send a script on stdin.');
  counts.writeUInt32LE(command.timeoutMs ?? 0, 0);
  counts.writeUInt16LE(command.argv.length, 4);
  counts.writeUInt16LE(environment.length, 6);
  return Buffer.concat([counts, body, Buffer.from([EXEC_END])]);
}
