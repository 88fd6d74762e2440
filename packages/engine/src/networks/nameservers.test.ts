import { expect, test } from 'vitest';
import { findNameservers, parseNameservers } from './nameservers.ts';

test('takes IPv4 servers that a machine can reach, at most three', () => {
  const text = [
    '# made by hand',
    'nameserver 127.0.0.53',
    'nameserver 2001:db8::1',
    '  nameserver 192.0.2.1 # the first',
    'options edns0',
    'nameserver 192.0.2.2',
    'nameserver 192.0.2.3',
    'nameserver 192.0.2.4',
  ].join('\n');
  expect(parseNameservers(text)).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  expect(parseNameservers('nameserver 127.0.0.1\n')).toEqual([]);
  expect(parseNameservers('')).toEqual([]);
});

test('the configured servers win', async () => {
  expect(await findNameservers(' 192.0.2.53  192.0.2.54 ')).toEqual(['192.0.2.53', '192.0.2.54']);
});
