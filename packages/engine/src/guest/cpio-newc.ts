/** One entry of a cpio archive: a directory, or a file with its bytes, or a character device. */
export interface CpioEntry {
  /** Without a leading slash. */
  readonly name: string;
  /** Type and permission bits, as in stat(2). */
  readonly mode: number;
  readonly content?: Uint8Array;
  readonly device?: { readonly major: number; readonly minor: number };
}

/**
 * Writes an archive in cpio's "newc" format, the one the kernel unpacks an initramfs from
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Owned by root, dated 1970: the same input gives the same bytes.
 */
export function cpioNewc(entries: readonly CpioEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  entries.forEach((entry, index) => parts.push(...record(entry, index + 1)));
  parts.push(...record({ name: 'TRAILER!!!', mode: 0 }, 0));
  return Buffer.concat(parts);
}

function record(entry: CpioEntry, inode: number): Uint8Array[] {
  const content = entry.content ?? new Uint8Array();
  const name = Buffer.from(`${entry.name}\0`);
  const links = 1;
  const fields = [
    inode,
    entry.mode,
    0,
    0,
    links,
    0,
    content.length,
    0,
    0,
    entry.device?.major ?? 0,
    entry.device?.minor ?? 0,
    name.length,
    0,
  ];
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [header, name, padding(header.length + name.length), content, padding(content.length)];
}

function padding(size: number): Uint8Array {
  return new Uint8Array(-size & 3);
}
