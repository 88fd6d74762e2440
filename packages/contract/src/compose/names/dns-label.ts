const longestLabel = 63;

/**
 * Text as a DNS label: lowercase letters, digits and inner dashes. One that would be longer than `limit` keeps its beginning
 * and ends with a hash of the whole, so that it stays the same and differs from others that begin alike.
 */
export function dnsLabel(text: string, limit = longestLabel): string {
  const label = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  if (label !== '' && label.length <= limit) return label;
  const hash = hashOf(text);
  const kept = label.slice(0, limit - hash.length - 1).replace(/-+$/, '');
  return kept === '' ? `x-${hash}` : `${kept}-${hash}`;
}

/** FNV-1a over UTF-16 units: eight hex digits. It tells names apart; it keeps no secret. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
