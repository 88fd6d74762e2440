// Whose an address is. A host is one user’s: whoever has some of its paths has pages that browsers take for those of the others, and is
// sent their cookies.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import type { StoredPlayground, StoredStack } from '../store/playgrounds.ts';

type Address = StoredStack['addresses'][number];
type Holder = Pick<StoredPlayground, 'name' | 'owner' | 'stack'>;

/** True when an address cannot be `owner`’s beside those that a playground has. */
export function isTakenBy(
  { owner: holder, stack }: Pick<Holder, 'owner' | 'stack'>,
  { host, rule }: Pick<Address, 'host' | 'rule'>,
  owner: string,
): boolean {
  const same = (stack?.addresses ?? []).filter((address) => address.host === host);
  return same.some((address) => holder !== owner || address.rule === rule);
}

/** @throws PlayhouseError host-name-taken, when others have an address, or two services would have the same one */
export function requireAddresses(
  others: readonly Holder[],
  addresses: readonly Address[],
  owner: string,
): void {
  for (const [index, address] of addresses.entries()) {
    const { service, host, rule } = address;
    const before = addresses.slice(0, index).find((each) => each.host === host && each.rule === rule);
    if (before)
      throw new PlayhouseError('host-name-taken', { service, host, holder: `service \`${before.service}\`` });
    const other = others.find((each) => isTakenBy(each, address, owner));
    // What others have is not for everybody to know.
    const holder = other?.owner === owner ? other.name : 'a playground of another user';
    if (other) throw new PlayhouseError('host-name-taken', { service, host, holder });
  }
}
