import type { GuestAgent } from './guest-agent.ts';

/**
 * An SSH client and a server that speak through pipes: nobody else can log in with that key, and the server that runs does not hear
 * of it. Both look at who may write to the folder of the key, up to the root: /run is nobody’s but root’s.
 */
const script = `
folder=$(mktemp -d /run/login-XXXXXX) || exit
trap 'rm -rf "$folder"' EXIT
ssh-keygen -q -t ed25519 -N '' -f "$folder/key" &&
ssh -F none -i "$folder/key" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \\
  -o "ProxyCommand=$(command -v sshd || echo /usr/sbin/sshd) -i -o AuthorizedKeysFile=$folder/key.pub" root@localhost true
`;

/**
 * Has root log in to the machine once, from itself. What the machine does not have for it is passed over.
 * @throws PlayhouseError guest-agent-silent, guest-agent-refused
 */
export async function rehearseLogin(
  agent: GuestAgent,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  await agent.exec({ argv: ['/bin/sh', '-c', script], timeoutMs, signal });
}
