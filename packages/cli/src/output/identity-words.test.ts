import { expect, test } from 'vitest';
import { samplePlayground } from '../testing/samples.ts';
import { identityWords } from './identity-words.ts';

const fork = (name: string, shared: string[], clockSkewMs: number | null) => ({
  name,
  machines: samplePlayground.machines.map((machine) => ({
    ...machine,
    identity: { renewed: ['machine id', 'clock'], shared, clockSkewMs },
  })),
});

test('what is alike is told once, with the clock that is furthest off', () => {
  const forks = [fork('pg-43-lab', ['memory'], -2.25), fork('pg-44-lab', ['memory'], 0.4)];
  expect(identityWords(forks)).toBe(
    'Of their own:  machine id, clock\nStill shared:  memory\nClock off by:  2.3 ms\n',
  );
});

test('machines that differ are told apart, and nothing is said that nobody knows', () => {
  expect(identityWords([fork('pg-43-lab', ['memory'], 1), fork('pg-44-lab', [], null)])).toBe(
    [
      ...['Machines:      pg-43-lab server', 'Of their own:  machine id, clock', 'Still shared:  memory'],
      ...['Clock off by:  1.0 ms', '', 'Machines:      pg-44-lab server', 'Of their own:  machine id, clock'],
      ...['Still shared:  -', ''],
    ].join('\n'),
  );
  expect(identityWords([samplePlayground])).toBe('');
});
