import picocolors from 'picocolors';
import type { Output } from '../program/context.ts';

export type Style = ReturnType<typeof picocolors.createColors>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Colours for a stream: only on a terminal, and never when NO_COLOR is set or the terminal is dumb. */
export function styleFor(output: Output, environment: Environment): Style {
  return picocolors.createColors(isLive(output, environment) && !environment['NO_COLOR']);
}

/** True when the stream is a terminal that can rewrite its lines. */
export function isLive(output: Output, environment: Environment): boolean {
  return output.isTTY === true && environment['TERM'] !== 'dumb';
}
