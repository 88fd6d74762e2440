import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireRoot } from './installation.ts';
import { programName } from './program-name.ts';

let folder = '';
let bin = '';
let codeRoot = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'program-name-'));
  [bin, codeRoot] = [join(folder, 'bin'), join(folder, 'checkout')];
  await Promise.all([mkdir(bin), mkdir(codeRoot)]);
  await writeFile(join(codeRoot, 'playhouse'), '', { mode: 0o755 });
});
afterEach(async () => rm(folder, { recursive: true }));

test('the command is called by name only when PATH leads to this checkout', async () => {
  const name = (directory = codeRoot): string => programName(codeRoot, `/nowhere:${bin}`, directory);
  expect(name()).toBe('./playhouse');
  expect(name('/')).toBe(join(codeRoot, 'playhouse'));
  await writeFile(join(bin, 'playhouse'), 'another', { mode: 0o755 });
  expect(name()).toBe('./playhouse');
  await rm(join(bin, 'playhouse'));
  await symlink(join(codeRoot, 'playhouse'), join(bin, 'playhouse'));
  expect(name('/')).toBe('playhouse');
});

test('who is not root is told a command that works as it stands', () => {
  const context = { codeRoot, environment: { PATH: bin } };
  const command = `${join(codeRoot, 'playhouse')} up`;
  expect(() => requireRoot(context, 'up', 1000)).toThrow(
    expect.objectContaining({ code: 'not-root', hint: `Run \`sudo ${command}\`.` }),
  );
  expect(() => requireRoot(context, 'up', 0)).not.toThrow();
});
