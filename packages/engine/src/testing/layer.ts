import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';

/** An entry of a layer that a test crafts; a text is the content of a file. */
export type CraftedEntry = Partial<Header> & Pick<Header, 'name'> & { readonly content?: string | Buffer };

/** A tar archive of exactly these entries, hostile or not. */
export async function craftLayer(entries: readonly CraftedEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = '', ...rest } of entries) {
    // The same entries make the same layer, whenever it is crafted.
    const header = { mtime: new Date(0), ...rest };
    // Otherwise tar-stream wants to know the content of devices too.
    if (header.type === undefined || header.type === 'file') archive.entry(header, content);
    else archive.entry(header);
  }
  archive.finalize();
  return await buffer(archive);
}

/** `sha256:…` */
export function digestOf(bytes: string | Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
