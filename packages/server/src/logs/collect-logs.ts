import type { LogLine } from '@playhouse/contract/service-log';
import type { LogReader } from '@playhouse/gateway/pipe-logs';

/** Characters of an answer that is no stream. */
const limit = 4 * 1024 * 1024;

/** A log that is not followed, to its end: its last lines, if all would be too much. Closes it. */
export async function collectLogs(
  reader: LogReader,
): Promise<{ readonly lines: LogLine[]; readonly truncated: boolean }> {
  try {
    const lines: LogLine[] = [];
    let size = 0;
    let truncated = false;
    for (let ended = false; !ended;) {
      const chunk = await reader.read();
      ended = chunk.ended;
      for (const line of chunk.lines) {
        lines.push(line);
        size += line.text.length;
      }
      let begin = 0;
      for (; size > limit; begin++) size -= lines[begin]?.text.length ?? 0;
      lines.splice(0, begin);
      truncated ||= begin > 0;
    }
    return { lines, truncated };
  } finally {
    reader.close();
  }
}
