import { expect, test } from 'vitest';
import { hideInAddresses, hideInData, hideInText } from './hide-secrets.ts';

const hide = () => '•';

test('the password of an address is hidden wherever the address stands, and nothing else of it', () => {
  expect(hideInAddresses('postgres://u:secret@host/db?a=b', hide)).toBe('postgres://u:•@host/db?a=b');
  expect(hideInAddresses('redis://:pw@r:6379, amqp://a:p@ss@q/', hide)).toBe(
    'redis://:•@r:6379, amqp://a:•@q/',
  );
  expect(hideInAddresses('https://ghp_token@example.org/x.git', hide)).toBe('https://•@example.org/x.git');
  for (const text of ['ssh://git@example.org/x', 'https://example.org/a@b', 'ann@example.org', 'a://b:1/x@y'])
    expect(hideInAddresses(text, hide)).toBe(text);
});

test.each([
  ['redis-server --requirepass secret --port 80', 'redis-server --requirepass • --port 80'],
  ['PGPASSWORD=secret psql --password="a b"', 'PGPASSWORD=• psql --password="•"'],
  ['host=db password=secret dbname=x', 'host=db password=• dbname=x'],
  ['Server=db;Password=secret;Port=1', 'Server=db;Password=•;Port=1'],
  ['jdbc:x://db/a?user=u&password=secret&ssl=1', 'jdbc:x://db/a?user=u&password=•&ssl=1'],
  ['curl -H "Authorization: Bearer secret" http://x/', 'curl -H "Authorization: Bearer •" http://x/'],
  ["curl -H 'X-Api-Key: secret' http://x/", "curl -H 'X-Api-Key: •' http://x/"],
])('what stands where secrets do in a command is hidden: %s', (text, hidden) => {
  expect(hideInText(text, hide)).toBe(hidden);
});

test('what is yet to be filled in, a path, and what is hidden already stay', () => {
  for (const text of [
    'PGPASSWORD=$DB_PASSWORD psql',
    '--ssl-key=/run/secrets/key',
    'TOKEN=••••••••',
    'LEVEL=debug',
  ])
    expect(hideInText(text, hide)).toBe(text);
});

test('in data, values under a secret name and the arguments of secret options are hidden', () => {
  const data = {
    command: ['x', '--password', 'secret', '--token', '--verbose'],
    labels: { 'db.passphrase': 'secret', tier: 'front' },
    environment: { AUTH: 'secret', DB_PWD: 4711, PWD: '/srv', LEVEL: 'info', EMPTY_TOKEN: '' },
    healthcheck: { test: ['CMD-SHELL', 'mysqladmin --password=secret ping'], retries: 3 },
    secrets: [{ source: 'key', target: '/run/secrets/key' }],
  };
  expect(hideInData(data, hide)).toEqual({
    command: ['x', '--password', '•', '--token', '--verbose'],
    labels: { 'db.passphrase': '•', tier: 'front' },
    environment: { AUTH: '•', DB_PWD: '•', PWD: '/srv', LEVEL: 'info', EMPTY_TOKEN: '' },
    healthcheck: { test: ['CMD-SHELL', 'mysqladmin --password=• ping'], retries: 3 },
    secrets: [{ source: 'key', target: '/run/secrets/key' }],
  });
});

test.each(['a.', 'X-', 'a=', '--a ', 'x://a:', 'authorization:  ', 'a@', 'x://u:p@'])(
  'a long text of %j is looked at in no time',
  (part) => {
    const before = performance.now();
    hideInText(part.repeat(200_000), hide);
    expect(performance.now() - before).toBeLessThan(2000);
  },
);
