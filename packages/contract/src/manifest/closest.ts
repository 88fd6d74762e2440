import { distance } from 'fastest-levenshtein';

/** The candidate that was probably meant, if one is near enough to be worth naming. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const fold = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  const limit = Math.min(word.length - 1, Math.ceil(word.length / 3));
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: distance(fold(word), fold(candidate)) }))
    .filter(({ edits }) => edits <= limit)
    .sort((one, other) => one.edits - other.edits);
  return best?.candidate;
}

/** "Did you mean `x`? …" followed by what there is. `kind` is a plural: `machines`. */
export function advise(word: string, candidates: readonly string[], kind: string): string {
  const near = closest(word, candidates);
  const list =
    candidates.length === 0
      ? `There are no ${kind}.`
      : `Here are the ${kind}: ${[...new Set(candidates)].join(', ')}.`;
  return near === undefined ? list : `Did you mean \`${near}\`? ${list}`;
}

/** The names there are, and the one that was probably meant. */
export function listNames(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  const list = known.length === 0 ? 'none yet' : known.join(', ');
  return near === undefined ? list : `${list} (did you mean \`${near}\`?)`;
}
