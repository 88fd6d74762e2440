import type { LogLine } from '@playhouse/contract/service-log';
import type { Style } from './style.ts';

const colours = ['cyan', 'yellow', 'green', 'magenta', 'blue', 'red'] as const;

export interface LogLineOptions {
  readonly style: Style;
  readonly timestamps: boolean;
}

/** Lines as `docker compose logs` shows them: whose each is, in its own colour on a terminal, then what it says. */
export function createLogLineWriter({ style, timestamps }: LogLineOptions): (line: LogLine) => string {
  const names = new Map<string, number>();
  let width = 0;
  return (line) => {
    const { at, text, cut } = line;
    const rest = cut === 0 ? '' : style.dim(` … (${cut} bytes more)`);
    const said = `${text}${rest}\n`;
    const when = `${at.slice(0, 23)}Z `;
    if (line.service === null) return `${timestamps ? when : `${at.slice(11, 19)} `}${said}`;
    const name = nameOf(line);
    if (!names.has(name)) names.set(name, names.size);
    width = Math.max(width, name.length);
    const colour = colours[(names.get(name) ?? 0) % colours.length] ?? 'cyan';
    return `${style[colour](`${name.padEnd(width)} |`)} ${timestamps ? when : ''}${said}`;
  };
}

/** The service; the container where it is not the first of it. */
function nameOf({ service, container }: LogLine): string {
  return container === null || container === `${service}-1` ? (service ?? '') : container;
}

/** A line for programs. JSON leaves some control characters as they are. */
export function logLineJson(line: LogLine): string {
  const escape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(line).replaceAll(/[\u007F-\u009F]/g, escape)}\n`;
}
