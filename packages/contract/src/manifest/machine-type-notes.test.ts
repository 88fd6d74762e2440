import { expect, test } from 'vitest';
import { findMachineTypeNotes } from './machine-type-notes.ts';
import { machineText, manifestText, parsed } from './testing/manifest-text.ts';

const withDrives = (count: number) =>
  machineText('a').replace(
    '[{ source: debian-12, mount: / }]',
    `[{ source: debian-12, mount: / }${', { size: 1G }'.repeat(count - 1)}]`,
  );

test('a machine with more drives than microvm has room for is noted with the type that it runs as', () => {
  const notes = findMachineTypeNotes(parsed(manifestText([machineText('b'), withDrives(20)])));
  expect(notes).toEqual([
    {
      code: 'manifest-machine-type',
      path: ['playground', 'machines', 1, 'drives'],
      parameters: { machine: 'a', type: 'microvm-pcie', count: 25, room: 24 },
    },
  ]);
});

test('a machine that fits is not worth a word', () => {
  expect(findMachineTypeNotes(parsed(manifestText([withDrives(19)])))).toEqual([]);
});
