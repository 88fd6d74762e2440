import { expect, test } from 'vitest';
import { findMirror, mirrorLines } from './mirror.ts';

/** What `apt-get indextargets` prints: a line per pocket and component, and one per translation of it. */
const debian12 = [
  'bookworm\thttp://deb.example/debian/\tmain',
  'bookworm\thttp://deb.example/debian/\tcontrib',
  'bookworm-updates\thttp://deb.example/debian/\tmain',
  'bookworm-security\thttp://security.example/debian-security/\tmain',
  '',
].join('\n');
const debian13 = debian12.replaceAll('bookworm', 'trixie');

test('a Debian 12 host gives suite, updates and security fixes', () => {
  expect(mirrorLines(debian12, 'bookworm', '/k.gpg')).toEqual([
    'deb [signed-by=/k.gpg] http://deb.example/debian bookworm main',
    'deb [signed-by=/k.gpg] http://deb.example/debian bookworm-updates main',
    'deb [signed-by=/k.gpg] http://security.example/debian-security bookworm-security main',
  ]);
});

test('a Debian 13 host gives the same lines for a Debian 12 source', () => {
  expect(mirrorLines(debian13, 'bookworm', null)).toEqual(mirrorLines(debian12, 'bookworm', null));
  expect(mirrorLines(debian13, 'bookworm', null)[0]).toBe('deb http://deb.example/debian bookworm main');
});

test('other archives and repeated lines are left out', () => {
  const noise = 'trixie-backports\thttp://deb.example/debian/\tmain\nstable/x\thttp://other.example/\tmain\n';
  expect(mirrorLines(noise + debian13 + debian13, 'trixie', null)).toHaveLength(3);
});

test('finds the mirror of the host, with the apt settings that it needs', async () => {
  const mirror = await findMirror('bookworm', async ([program]) => {
    const options = 'Acquire "";\nAcquire::http::Proxy "http://proxy.example:3128";\nAcquire::Retries "3";\n';
    return { stdout: program === 'apt-config' ? options : debian12, stderr: '', exitCode: 0 };
  });
  expect(mirror.lines).toHaveLength(3);
  expect(mirror.options).toEqual(['Acquire::http::Proxy "http://proxy.example:3128";']);
});

test('a host without Debian archives is not supported', async () => {
  const nothing = async () => ({ stdout: '', stderr: '', exitCode: 0 });
  await expect(findMirror('bookworm', nothing)).rejects.toMatchObject({ code: 'unsupported-host' });
});
