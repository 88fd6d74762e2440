import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram } from './find-program.ts';

test('the first program of the search path counts, and only what can be run', async () => {
  const folder = await mkdtemp(`${tmpdir()}/playhouse-programs-`);
  onTestFinished(async () => await rm(folder, { recursive: true }));
  for (const [name, mode] of [
    ['a', 0o644],
    ['b', 0o755],
    ['c', 0o755],
  ] as const) {
    await mkdir(`${folder}/${name}`);
    // Root may read anything, but runs only what somebody may run.
    await writeFile(`${folder}/${name}/tool`, '', { mode });
  }
  const path = ['none', 'a', 'b', 'c'].map((name) => `${folder}/${name}`).join(':');
  expect(await findProgram('tool', path)).toBe(`${folder}/b/tool`);
  expect(await findProgram('another', path)).toBeNull();
  expect(await findProgram('tool', '')).toBeNull();
});
