import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

test.each([1, 2, 3, 7, 100])(
  'lines and characters are whole however they are chunked: by %d bytes',
  (size) => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    const bytes = Buffer.from('eins\n\nzwö€\r\ndrei 😀');
    for (let at = 0; at < bytes.length; at += size) splitter.add(bytes.subarray(at, at + size));
    expect(lines).toEqual(['eins', '', 'zwö€']);
    splitter.end();
    splitter.end();
    expect(lines).toEqual(['eins', '', 'zwö€', 'drei 😀']);
  },
);
