/** One of the lines of an operation’s log. */
interface Line {
  readonly at: string;
  readonly text: string;
}

const most = 30;
const longest = 500;
const altogether = 6000;

/** The end of a log, for a report that somebody reads: not too many lines, none too long, and not too much together. */
export function lastLines(lines: readonly Line[]): Line[] {
  const kept: Line[] = [];
  let left = altogether;
  for (const { at, text } of lines.slice(-most).toReversed()) {
    const line = { at, text: cut(text) };
    left -= line.text.length;
    if (left < 0) break;
    kept.unshift(line);
  }
  return kept;
}

function cut(text: string): string {
  if (text.length <= longest) return text;
  const end = text.slice(0, longest).isWellFormed() ? longest : longest - 1;
  return `${text.slice(0, end)}… (${text.length - end} more characters)`;
}
