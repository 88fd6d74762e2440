/**
 * `pv-{playspec}-{playroom}`: what the volumes of a playspec with persistent volumes begin with on a playroom. An id must
 * never mean anything else later, for whoever gets the prefix gets the data; so it is no name that can be used again.
 * @throws TypeError when an id has other characters than lowercase letters and digits, which would make prefixes alike
 */
export function persistentVolumePrefix(playspecId: string, playroomId: string): string {
  for (const id of [playspecId, playroomId]) {
    if (!/^[a-z0-9]+$/.test(id)) throw new TypeError(`not an id: ${id}`);
  }
  return `pv-${playspecId}-${playroomId}`;
}
