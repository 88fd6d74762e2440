import { readFile } from 'node:fs/promises';

/** An account of the host, by its numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** The account of a name; null when the host has none. */
export async function findAccount(name: string): Promise<Account | null> {
  const accounts = await readFile('/etc/passwd', 'utf8');
  const line = accounts.split('\n').find((each) => each.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

/** The words to put before a program that is to run without root’s rights but for the low ports; null: as who starts it. */
export function asAccount(account: Account | null): readonly string[] {
  if (account === null) return [];
  const { uid, gid } = account;
  return [
    ...['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'],
    ...[
      '--bounding-set=-all,+net_bind_service',
      '--inh-caps=-all,+net_bind_service',
      '--ambient-caps=-all,+net_bind_service',
    ],
    '--',
  ];
}
