import { journalChunkSchema } from '@playhouse/contract/link/question';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJournal } from './parse-journal.ts';

const line = (fields: object) =>
  JSON.stringify({ __CURSOR: 's=1;i=2', __REALTIME_TIMESTAMP: '1764100000123456', ...fields });

test('an entry as journalctl prints it', () => {
  const fields = {
    MESSAGE: 'Server listening on :: port 22.',
    PRIORITY: '6',
    SYSLOG_IDENTIFIER: 'sshd',
    _COMM: 'sshd',
    _PID: '312',
    _SYSTEMD_UNIT: 'ssh.service',
  };
  expect(parseJournal(`${line(fields)}\n`)).toEqual({
    entries: [
      {
        at: '2025-11-25T19:46:40.123Z',
        unit: 'ssh.service',
        identifier: 'sshd',
        pid: 312,
        priority: 6,
        message: 'Server listening on :: port 22.',
      },
    ],
    cursor: 's=1;i=2',
  });
});

test('bytes, lists and what was too long', () => {
  const message = (MESSAGE: unknown) => parseJournal(line({ MESSAGE })).entries[0]?.message;
  expect(message([...Buffer.from('\u001B[31mred\u0007\n')])).toBe('red\n');
  expect(message(['first', 'second'])).toBe('first');
  expect(message(null)).toBe('');
  expect(message({ some: 'thing' })).toBe('');
});

test('what is no entry is left out, also the half line at the end', () => {
  const output = ['-- No entries --', line({ MESSAGE: 'kept' }), '{"__CURSOR":"x"}', '[]', '{"half'].join(
    '\n',
  );
  expect(parseJournal(output).entries).toHaveLength(1);
  expect(parseJournal('')).toEqual({ entries: [], cursor: null });
});

test('whatever a guest prints, what comes of it is well-formed and drives no terminal', () => {
  const field = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue());
  const entry = fc
    .record({
      __CURSOR: field,
      __REALTIME_TIMESTAMP: fc.oneof(field, fc.stringMatching(/^[0-9]{1,17}$/)),
      MESSAGE: field,
      PRIORITY: field,
      _PID: field,
    })
    .map((fields) => JSON.stringify(fields));
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          entry,
          field.map((MESSAGE) => line({ MESSAGE })),
        ),
      ),
      (lines) => {
        const parsed = parseJournal(lines.join('\n'));
        journalChunkSchema.parse({ ...parsed, more: false });
        const texts = [parsed.cursor, ...parsed.entries.flatMap((each) => [each.message, each.identifier])];
        expect(texts.filter((text) => /[^\P{Cc}\n\t]/u.test(text ?? ''))).toEqual([]);
      },
    ),
  );
});
