import { expect, test } from 'vitest';
import { whyUnreadable } from './why-unreadable.ts';

const refused = (code: string) => Object.assign(new Error(`${code}: words of the system`), { code });

test('what the system says is told in words', () => {
  expect(whyUnreadable(refused('EISDIR'))).toBe('it is a folder; name a file in it');
  expect(whyUnreadable(refused('ENOENT'))).toBe('there is no such file');
  expect(whyUnreadable(refused('EACCES'))).toContain('permission');
});

test('what has no words of ours is told as it is', () => {
  expect(whyUnreadable(refused('EIO'))).toBe('EIO: words of the system');
  expect(whyUnreadable(new Error('it is no file'))).toBe('it is no file');
  expect(whyUnreadable('trouble')).toBe('trouble');
});
