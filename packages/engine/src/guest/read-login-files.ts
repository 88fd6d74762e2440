import type { GuestAgent } from './guest-agent.ts';

/** Configuration and programs that OpenSSH, PAM and a shell open when somebody logs in; each pattern may match nothing. */
const files = [
  '/etc/passwd /etc/group /etc/shadow /etc/nsswitch.conf /etc/environment /etc/login.defs /etc/motd /etc/shells /etc/host*',
  '/etc/default/* /etc/security/* /etc/pam.d/* /etc/ssh/* /etc/ssh/*.d/* /etc/profile /etc/profile.d/* /etc/*bashrc',
  '/root/.[bps]* /root/.ssh/* /home/*/.[bps]* /home/*/.ssh/* /var/log/lastlog /var/log/wtmp',
  '/usr/sbin/sshd /usr/lib/openssh/* /bin/sh /bin/bash /lib/*/security/pam_*.so /lib/*/libnss_* /usr/lib/locale/C.*/* /usr/lib/locale/C.*/*/*',
].join(' ');

const libraries =
  "ldd /usr/sbin/sshd /bin/bash /lib/*/security/pam_*.so | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p' | sort -u";

/** Has a machine read what a login reads, so that it is in its memory. What it does not have is passed over. */
export async function readLoginFiles(
  agent: GuestAgent,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<void> {
  const script = `cat ${files} $(${libraries}) > /dev/null 2>&1; true`;
  await agent.exec({ argv: ['/bin/sh', '-c', script], timeoutMs, signal });
}
