import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { type FoundVolume, KeptVolumes } from './kept-volumes.ts';

const hourMs = 3_600_000;
const data = volume('data', {});

function volume(name: string, more: Partial<FoundVolume>): FoundVolume {
  return { ...{ name, playground: 'f', anonymous: false, known: false, folder: '/there/_data' }, ...more };
}

async function keep(keepMs = hourMs) {
  const folder = await mkdtemp(`${tmpdir()}/kept-volumes-`);
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const clock = { ms: 5 };
  const said: string[] = [];
  const file = `${folder}/kept.json`;
  const engine = (keptLonger = keepMs) =>
    new KeptVolumes({ file, keepMs: keptLonger, now: () => clock.ms, log: (line) => said.push(line) });
  const due = async (volumes: KeptVolumes, ...found: FoundVolume[]) => [...(await volumes.review(found))];
  return { engine, due, clock, said, file };
}

test('a volume is told of once, with what keeps it, and due when its time is over', async () => {
  const { engine, due, clock, said } = await keep();
  const volumes = engine();
  expect(await due(volumes, data)).toEqual([]);
  clock.ms += hourMs - 1;
  expect(await due(volumes, data, volume('other', { folder: null, anonymous: true }))).toEqual([]);
  clock.ms += 1;
  expect(await due(volumes, data, volume('other', { anonymous: true }))).toEqual(['data']);
  expect(said).toEqual([
    'volume data is of playground f, which is not known here; it is removed in 1 h. To keep it: copy what you want of it out of /there/_data; put back services/f, or set engine.orphanedVolumesHours to more than 1, and restart the engine',
    expect.stringMatching(/^anonymous volume other is of .* To keep it: put back services/),
  ]);
});

test('the next engine goes on with the time that it was kept, and tells of it anew; one that is set to longer keeps it longer', async () => {
  const { engine, due, clock, said } = await keep();
  const first = engine();
  await due(first, data);
  clock.ms += hourMs / 2;
  await due(first, data);
  // While no engine runs nobody is told of it.
  clock.ms = 0;
  const second = engine();
  expect(await due(second, data)).toEqual([]);
  expect(said.at(-1)).toContain('removed in 0.5 h');
  clock.ms += hourMs / 2;
  expect(await due(engine(2 * hourMs), data)).toEqual([]);
  expect(said.at(-1)).toContain('removed in 1.5 h');
  expect(await due(second, data)).toEqual(['data']);
});

test('one that is gone, or whose playground is known again, begins anew when it is found again', async () => {
  const { engine, due, clock, file } = await keep();
  const volumes = engine();
  const nameless = volume('nameless', { anonymous: true });
  await due(volumes, data, nameless);
  expect(await volumes.anonymous()).toEqual([{ name: 'nameless', playground: 'f' }]);
  clock.ms += 2 * hourMs;
  expect(await due(volumes, { ...nameless, known: true })).toEqual([]);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
    nameless: { playground: 'f', anonymous: true, keptMs: 0 },
  });
  clock.ms += 2 * hourMs;
  expect(await due(volumes, data, nameless)).toEqual(['nameless']);
  expect(await due(volumes)).toEqual([]);
  expect(await readFile(file, 'utf8')).toBe('{}');
});

test('a file that cannot be read makes nothing due', async () => {
  const { engine, due, said, file } = await keep();
  await writeFile(file, '{"data":{"keptMs":');
  expect(await due(engine(), data)).toEqual([]);
  expect(said[0]).toMatch(/kept\.json cannot be read, so volumes .* are kept from now on/);
});

test('where nothing is to be kept it is due at once', async () => {
  const { engine, due, said } = await keep(0);
  expect(await due(engine(), data)).toEqual(['data']);
  expect(said).toEqual([]);
});
