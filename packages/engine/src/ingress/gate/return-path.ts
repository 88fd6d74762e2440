/**
 * Where a login leads back to: a path of the same host, whatever was asked for. Anything that a browser could take for another host
 * becomes `/`, and so do the gate’s own addresses.
 */
export function returnPath(wanted: string | null | undefined): string {
  if (wanted === null || wanted === undefined || !wanted.startsWith('/')) return '/';
  const here = 'https://here.invalid';
  if (!URL.canParse(wanted, here)) return '/';
  const { origin, pathname, search } = new URL(wanted, here);
  // Browsers read `//host` and `/\host` as another host; the path that was parsed may still begin so.
  if (origin !== here || pathname.startsWith('//') || pathname.startsWith(gatePath)) return '/';
  return `${pathname}${search}`;
}

/** Below it the gate answers, at every host that has a login. */
export const gatePath = '/.playhouse/';

/** Name of the header, and of the parameter of an address, that carries the bypass token. */
export const bypassName = 'x-playhouse-bypass';

/** The address without the bypass token. */
export function withoutBypass(url: string): string {
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  // However its name is written: the proxy hands on all that has it, for ever where it stays.
  const kept = query.split('&').filter((part) => part !== '' && !new URLSearchParams(part).has(bypassName));
  return returnPath(kept.length === 0 ? path : `${path}?${kept.join('&')}`);
}
