import { manifestWith } from './fixtures.ts';
import type { Call } from './test-server.ts';

/** Lines of a manifest that give those principals, separated by commas, every right. */
export function access(who: string): string {
  return `  accessControl: { canList: [${who}], canRead: [${who}], canStart: [${who}] }\n`;
}

const top = 'title: My lab\ndescription: Two words.\ncategories: [Linux, lab]\nmarkdown: "# Do it"\n';
const cover = 'cover: https://example.org/a.png\n';

/** A manifest that can be published; `more` are lines of its `playground`. */
export function lab(more = ''): string {
  return `${top}${cover}${manifestWith({ ramSize: '64MiB' })}${more}`;
}

/** Creates a playspec, without a manifest as a copy of the base. */
export async function create(call: Call, name: string, manifest?: string, base = 'flexbox') {
  return call('playspec.create', { body: { name, base, ...(manifest === undefined ? {} : { manifest }) } });
}
