// Texts that look like templates and are none: `$$` is Compose's dollar sign before any other word, so they would become, say, a
// password that everybody can guess.
import type { ManifestIssue } from '../../manifest/manifest-issue.ts';
import { showValue } from '../../manifest/show-value.ts';
import { interpolatedTexts } from '../find-interpolations.ts';

/** A bare `$$` is taken too, so that `$$$$secret(8)` is the dollar sign and then the word, as in find-templates.ts. */
const pattern = /\$\$(secret\((?:\d*\))?|vars__\w*|var_(?!_)\w*|root_domains(?!\w))?/g;

const advice = {
  variable:
    'Write `$$var__NAME` and declare `NAME` under `x-playgrounds.variables`; a dollar sign that is meant as one needs nothing done.',
  secret:
    'Write `$$var__NAME` and declare `NAME` with `random: true` under `x-playgrounds.variables`, or write `$$secret(N)` in `.env.example` of the repository.',
  domain: 'Write `$$root_domain`.',
} as const;

/** A note for each of them, once for each text. */
export function noteLiteralTemplates(file: unknown): readonly ManifestIssue[] {
  return interpolatedTexts(file).flatMap(({ text, path }) => {
    const words = new Set([...text.matchAll(pattern)].flatMap((match) => match[1] ?? []));
    return [...words].map((word): ManifestIssue => {
      const literal = showValue(`$${word}`);
      const parameters = { written: showValue(`$$${word}`), literal, advice: advice[kindOf(word)] };
      return { code: 'compose-literal-template', path, parameters };
    });
  });
}

function kindOf(word: string): keyof typeof advice {
  if (word.startsWith('secret')) return 'secret';
  return word.startsWith('var') ? 'variable' : 'domain';
}
