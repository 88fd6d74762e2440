import type { GuestAgent } from './guest-agent.ts';

/**
 * A server of its own, which takes one key, no password, and listens to the machine alone, so that the one that runs does not hear of it.
 * It looks at who may write to the folder of the key, up to the root: /run is nobody’s but root’s. Through a pipe it would not know who
 * called, and PAM would ask the network for a name. What was killed leaves its folder to the next.
 */
const script = `
sshd=$(command -v sshd || echo /usr/sbin/sshd)
rm -rf /run/login-*
folder=$(mktemp -d /run/login-XXXXXX) || exit
trap 'kill "$server"; rm -rf "$folder"' EXIT
ssh-keygen -q -t ed25519 -N '' -f "$folder/key" || exit
"$sshd" -D -f /dev/null -p 65022 -o ListenAddress=127.0.0.1 -o PidFile=none -o UsePAM=yes \\
  -o PasswordAuthentication=no -o KbdInteractiveAuthentication=no -o "AuthorizedKeysFile=$folder/key.pub" &
server=$!
timeout 12 ssh -F none -i "$folder/key" -p 65022 -o ConnectionAttempts=10 -o BatchMode=yes -o StrictHostKeyChecking=no \\
  -o UserKnownHostsFile=/dev/null root@127.0.0.1 true
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
