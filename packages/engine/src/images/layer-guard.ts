// Decides which entries of an image’s layers are let in. Layers are hostile: none may lead out of the image, bring devices, or
// be larger than allowed. One guard sees all layers of an image in their order; it never looks at a disk.

/** What a tar archive says of an entry. */
export interface LayerEntry {
  readonly name: string;
  /** As tar-stream names it; null for kinds that it does not know. */
  readonly type: string | null;
  readonly linkname: string | null;
  readonly size: number;
}

export interface LayerLimits {
  /** Of all layers together, unpacked. */
  readonly bytes: number;
  readonly entries: number;
}

const kinds = new Set(['file', 'contiguous-file', 'link', 'symlink', 'directory', 'fifo']);
const whiteout = '.wh.';
/** As many as Linux follows. */
const mostLinks = 40;

/** Why an entry is refused: this for what breaks a limit, else words that go behind the entry’s name. */
export const tooLarge = 'is too large';

export class LayerGuard {
  readonly #limits: LayerLimits;
  /** The symbolic links there are so far, by path. */
  readonly #links = new Map<string, string>();
  #bytes = 0;
  #entries = 0;

  constructor(limits: LayerLimits) {
    this.#limits = limits;
  }

  /** How many entries were admitted. */
  get entries(): number {
    return this.#entries;
  }

  /** Counts bytes of an unpacked layer as they come. False when there are more than allowed. */
  count(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes <= this.#limits.bytes;
  }

  /** Null when the entry is let in. */
  admit(entry: LayerEntry): string | null {
    if (++this.#entries > this.#limits.entries || entry.size > this.#limits.bytes) return tooLarge;
    if (entry.type === 'character-device' || entry.type === 'block-device') return 'is a device node';
    if (entry.type === null || !kinds.has(entry.type)) return 'is of a kind that no image needs';
    const parts = split(entry.name);
    if (parts === null) return 'leads out of the image';
    if (parts.length === 0) return entry.type === 'directory' ? null : 'would replace the root directory';
    const place = this.#resolve(parts.slice(0, -1));
    if (typeof place === 'string') return place;
    const name = parts.at(-1) ?? '';
    if (name.startsWith(whiteout)) return this.#whiteOut(place, name.slice(whiteout.length));
    if (entry.type === 'link') {
      const target = split(entry.linkname ?? '');
      if (target === null || target.length === 0)
        return `is a hard link out of the image (${entry.linkname})`;
      const link = this.#resolve(target.slice(0, -1));
      if (typeof link === 'string') return link;
    }
    const path = [...place, name].join('/');
    if (entry.type === 'symlink') this.#links.set(path, entry.linkname ?? '');
    else this.#links.delete(path);
    return null;
  }

  #whiteOut(place: readonly string[], name: string): string | null {
    const folder = place.map((part) => `${part}/`).join('');
    if (name === '' || name === '.' || name === '..') return 'would remove what is outside of its folder';
    const everything = name === `${whiteout}.opq`;
    for (const path of this.#links.keys()) {
      if (path.startsWith(everything ? folder : `${folder}${name}/`) || path === `${folder}${name}`)
        this.#links.delete(path);
    }
    return null;
  }

  /** Where a folder really is, links in it followed; or why it cannot be written to. */
  #resolve(wanted: readonly string[]): readonly string[] | string {
    const ahead = [...wanted];
    const place: string[] = [];
    let followed = 0;
    while (ahead.length > 0) {
      const next = ahead.shift() ?? '';
      const path = [...place, next].join('/');
      const target = this.#links.get(path);
      if (target === undefined) {
        place.push(next);
        continue;
      }
      const through = `is written through the link ${path} -> ${target}`;
      if (target.startsWith('/')) return `${through}, which is absolute`;
      if (++followed > mostLinks) return `${through}, which leads in a circle`;
      const parts = target.split('/').filter((part) => part !== '' && part !== '.');
      const ups = parts.findIndex((part) => part !== '..');
      const rest = ups < 0 ? [] : parts.slice(ups);
      // What stands before a later `..` may be a link itself: only leading ones are followed.
      const climbs = parts.length - rest.length;
      if (climbs > place.length || rest.includes('..')) return `${through}, which leads out of the image`;
      place.length -= climbs;
      ahead.unshift(...rest);
    }
    return place;
  }
}

/** The parts of a path below the root of the image, or null when it leads out of it. */
function split(path: string): readonly string[] | null {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? null : parts;
}
