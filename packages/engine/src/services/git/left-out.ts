// What Git has besides its own objects, and a checkout has not: so that nobody looks for a fault where something was never fetched.
import type { Checkout } from './checkout.ts';

/** Characters of a line: a longer one names nothing that could be fetched. */
const longestLine = 4096;
const mostNamed = 20;

/** In words, of what a checkout leaves out; none when it has everything. */
export async function leftOutOf(checkout: Pick<Checkout, 'read'>): Promise<readonly string[]> {
  const files = ['.gitmodules', '.gitattributes'].map(async (file) => await checkout.read(file));
  const [modules = null, attributes = null] = await Promise.all(files);
  const paths = linesOf(modules).flatMap((line) => pathIn(line) ?? []);
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : '';
  return [
    ...(paths.length === 0
      ? []
      : [
          `submodules are not fetched, and their folders are empty: ${paths.slice(0, mostNamed).join(', ')}${more}`,
        ]),
    ...(linesOf(attributes).some((line) => /^[^#]*\sfilter=lfs\b/.test(line))
      ? ['what is kept in Git LFS is not fetched: these files have what points to it']
      : []),
  ];
}

function linesOf(text: string | null): readonly string[] {
  return (text ?? '').split('\n').filter((line) => line.length <= longestLine);
}

function pathIn(line: string): string | null {
  const equals = line.indexOf('=');
  const path = line.slice(0, Math.max(0, equals)).trim() === 'path' ? line.slice(equals + 1).trim() : '';
  return path === '' ? null : path;
}
