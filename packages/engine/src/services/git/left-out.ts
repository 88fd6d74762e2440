// What Git has besides its own objects, and a checkout has not: so that nobody looks for a fault where something was never fetched.
import type { Checkout } from './checkout.ts';

/** In words, of what a checkout leaves out; none when it has everything. */
export async function leftOutOf(checkout: Pick<Checkout, 'read'>): Promise<readonly string[]> {
  const [modules, attributes] = [await checkout.read('.gitmodules'), await checkout.read('.gitattributes')];
  const paths = [...(modules ?? '').matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)].map(([, path]) => path);
  return [
    ...(paths.length === 0
      ? []
      : [`submodules are not fetched, and their folders are empty: ${paths.join(', ')}`]),
    ...(/^[^#\n]*\sfilter=lfs\b/m.test(attributes ?? '')
      ? ['what is kept in Git LFS is not fetched: these files have what points to it']
      : []),
  ];
}
