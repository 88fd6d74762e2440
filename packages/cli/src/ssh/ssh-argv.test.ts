import { expect, test } from 'vitest';
import { sshArgv } from './ssh-argv.ts';

test('ssh checks the host key it was told, uses only our key, and leaves the user’s configuration out', () => {
  const call = {
    port: 40_001,
    identityFile: '/i',
    knownHostsFile: '/k',
    hostAlias: 'a.pg-1-x',
    user: 'root',
    forward: null,
  };
  expect(sshArgv({ ...call, command: ['ls', '-la'] }).join(' ')).toMatchInlineSnapshot(
    `"ssh -F none -o IdentitiesOnly=yes -o IdentityAgent=none -o HostKeyAlias=a.pg-1-x -o HostKeyAlgorithms=ssh-ed25519 -o UserKnownHostsFile=/k -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes -o PasswordAuthentication=no -o ServerAliveInterval=30 -o LogLevel=ERROR -i /i -p 40001 -l root 127.0.0.1 ls -la"`,
  );
});

test('a port is led to the machine, or the session does not begin', () => {
  const call = {
    port: 1,
    identityFile: '/i',
    knownHostsFile: '/k',
    hostAlias: 'a',
    user: 'root',
    command: [],
  };
  expect(sshArgv({ ...call, forward: '8888:localhost:8888' }).join(' ')).toContain(
    ' -o ExitOnForwardFailure=yes -L 8888:localhost:8888 -i /i ',
  );
});
