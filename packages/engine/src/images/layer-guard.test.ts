import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LayerEntry, LayerGuard, tooLarge } from './layer-guard.ts';

const limits = { bytes: 1000, entries: 100 };
const entry = (
  name: string,
  type: LayerEntry['type'] = 'file',
  linkname: string | null = null,
): LayerEntry => ({
  name,
  type,
  linkname,
  size: 0,
});

/** What a guard says of the last of these entries; the others must be let in. */
function lastOf(...entries: readonly LayerEntry[]): string | null {
  const guard = new LayerGuard(limits);
  const verdicts = entries.map((each) => guard.admit(each));
  expect(verdicts.slice(0, -1)).toEqual(verdicts.slice(0, -1).map(() => null));
  return verdicts.at(-1) ?? null;
}

test.each<[string, readonly LayerEntry[]]>([
  ['plain files and folders', [entry('./etc/', 'directory'), entry('./etc/passwd')]],
  ['the root itself', [entry('./', 'directory')]],
  ['an absolute name, which is below the root of the image', [entry('/etc/passwd')]],
  ['an absolute link', [entry('etc/localtime', 'symlink', '/usr/share/zoneinfo/UTC')]],
  ['a link that climbs too far, followed by nothing', [entry('a', 'symlink', '../../../etc/shadow')]],
  ['what is written through a link within the image', [entry('lib', 'symlink', 'usr/lib'), entry('lib/a')]],
  [
    'what is written through a link that climbs within the image',
    [entry('usr/local/lib', 'symlink', '../lib'), entry('usr/local/lib/a')],
  ],
  ['a hard link', [entry('a'), entry('b', 'link', 'a')]],
  ['a pipe', [entry('run/pipe', 'fifo')]],
  ['whiteouts', [entry('etc/.wh.passwd'), entry('etc/.wh..wh..opq')]],
  ['a name with dots', [entry('a..b/..c/d...')]],
  [
    'what is written where a link was replaced by a folder',
    [entry('a', 'symlink', '/etc'), entry('a', 'directory'), entry('a/b')],
  ],
  [
    'what is written where a link was whited out',
    [entry('a', 'symlink', '/etc'), entry('.wh.a'), entry('a/b')],
  ],
  [
    'what is written where a folder of links was emptied',
    [entry('a/b', 'symlink', '/etc'), entry('a/.wh..wh..opq'), entry('a/b/c')],
  ],
])('%s is let in', (_, entries) => {
  expect(lastOf(...entries)).toBeNull();
});

test.each<[string, readonly LayerEntry[], RegExp]>([
  ['a name that leads out', [entry('../etc/passwd')], /leads out/],
  ['a name that leads out later', [entry('a/../../etc/passwd')], /leads out/],
  ['a block device', [entry('dev/sda', 'block-device')], /device/],
  ['a character device', [entry('dev/mem', 'character-device')], /device/],
  ['something unheard of', [entry('a', null)], /kind/],
  ['a link in the place of the root', [entry('.', 'symlink', '/')], /root directory/],
  ['a file in the place of the root', [entry('/', 'file')], /root directory/],
  [
    'what is written through an absolute link',
    [entry('a', 'symlink', '/etc'), entry('a/passwd')],
    /absolute/,
  ],
  [
    'what is written through a link that leads out',
    [entry('a', 'symlink', '../../etc'), entry('a/passwd')],
    /leads out/,
  ],
  [
    'what is written through a link to a link that leads out',
    [entry('a', 'symlink', '/etc'), entry('b', 'symlink', 'a'), entry('b/passwd')],
    /absolute/,
  ],
  [
    'what is written through a link that climbs from a link',
    [entry('a', 'symlink', 'b/../../etc'), entry('a/passwd')],
    /leads out/,
  ],
  ['links in a circle', [entry('a', 'symlink', 'b'), entry('b', 'symlink', 'a'), entry('a/x')], /circle/],
  ['a hard link that leads out', [entry('a', 'link', '../../etc/shadow')], /hard link/],
  ['a hard link to nothing', [entry('a', 'link', null)], /hard link/],
  [
    'a hard link through a link that leads out',
    [entry('a', 'symlink', '/etc'), entry('b', 'link', 'a/shadow')],
    /absolute/,
  ],
  ['a whiteout of the folder above', [entry('a/.wh...')], /remove/],
  ['a whiteout of the folder itself', [entry('a/.wh..')], /remove/],
  ['a whiteout of nothing', [entry('a/.wh.')], /remove/],
  ['a file that is too large', [{ ...entry('a'), size: 1001 }], new RegExp(tooLarge)],
])('%s is refused', (_, entries, reason) => {
  expect(lastOf(...entries)).toMatch(reason);
});

test('bytes and entries are counted over all layers', () => {
  const guard = new LayerGuard({ bytes: 10, entries: 2 });
  expect([guard.count(6), guard.count(4), guard.count(1)]).toEqual([true, true, false]);
  expect([guard.admit(entry('a')), guard.admit(entry('b')), guard.admit(entry('c'))]).toEqual([
    null,
    null,
    tooLarge,
  ]);
});

test('whatever is let in stays below the root, as a file system would resolve it', () => {
  const part = fc.constantFrom('a', 'b', '..', '.', '', 'c');
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const any = fc.record({
    name: path,
    type: fc.constantFrom('file', 'directory', 'symlink', 'link'),
    linkname: fc.tuple(fc.constantFrom('', '/'), path).map((parts) => parts.join('')),
    size: fc.constant(0),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 12 }), (entries) => {
      const guard = new LayerGuard(limits);
      const links = new Map<string, string>();
      for (const each of entries) {
        if (guard.admit(each) !== null) continue;
        const parts = each.name.split('/').filter((word) => word !== '' && word !== '.');
        expect(depthOf(parts.slice(0, -1), links)).toBeGreaterThanOrEqual(0);
        const key = parts.join('/');
        if (each.type === 'symlink') links.set(key, each.linkname);
        else links.delete(key);
      }
    }),
  );
});

/** How far below the root a walk ends that follows links by their literal names; -1 when it ever is above it or jumps. */
function depthOf(parts: readonly string[], links: ReadonlyMap<string, string>): number {
  const ahead = [...parts];
  const place: string[] = [];
  for (let steps = 0; ahead.length > 0 && steps < 1000; steps++) {
    const next = ahead.shift() ?? '';
    if (next === '..' && place.pop() === undefined) return -1;
    if (next === '..' || next === '.' || next === '') continue;
    const target = links.get([...place, next].join('/'));
    if (target?.startsWith('/')) return -1;
    if (target === undefined) place.push(next);
    else ahead.unshift(...target.split('/'));
  }
  return place.length;
}
