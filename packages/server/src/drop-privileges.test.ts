import { expect, test } from 'vitest';
import { findAccount } from './drop-privileges.ts';

const passwd =
  'root:x:0:0:root:/root:/bin/sh\nplayhouse:x:998:997::/nonexistent:/usr/sbin/nologin\ntoor:x:0:0::/:/bin/sh\n';

test('a user’s ids are those of the password file', () => {
  expect(findAccount(passwd, 'playhouse')).toEqual({ uid: 998, gid: 997 });
});

test.each(['nosuch', 'play', 'root', 'toor', ''])('the server does not run as "%s"', (user) => {
  expect(() => findAccount(passwd, user)).toThrow(expect.objectContaining({ code: 'configuration-invalid' }));
});
