import type { ManifestIssue } from '../manifest/manifest-issue.ts';
import { showValue } from '../manifest/show-value.ts';
import { interpolatedTexts } from './find-interpolations.ts';

/** `${…}` that Docker Compose could make nothing of: without an end, or without a name. A `$` before anything else is a dollar sign. */
export function checkInterpolations(file: unknown): readonly ManifestIssue[] {
  return interpolatedTexts(file)
    .filter(({ text }) => isMalformed(text))
    .map(({ text, path }) => ({
      code: 'compose-bad-interpolation',
      path,
      parameters: { value: showValue(text) },
    }));
}

function isMalformed(text: string): boolean {
  let open = 0;
  for (const [token] of text.matchAll(/\$\$|\$\{(?:[A-Za-z_]\w*(?:\}|:?[-+?]))?|\}/g)) {
    if (token === '${') return true;
    if (token === '}') open = Math.max(0, open - 1);
    else if (token.startsWith('${') && !token.endsWith('}')) open++;
  }
  return open > 0;
}
