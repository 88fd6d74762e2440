// Takes values that are secret out of what people see: logs, errors, reports. It guards against accidents (a program that prints its
// environment), not against a container that wants its own secrets out: nothing could.
import { maskedValue } from '@playhouse/contract/compose/environment/mask-value';

/** What is shorter is in too many words to be taken out of texts. */
const shortestMasked = 4;
/** Of a value of several lines each is a secret, but not what lines of many files are. */
const shortestLine = 8;

export class SecretMask {
  readonly #pattern: RegExp | null;
  /** Bytes of the longest thing that it looks for. */
  readonly longest: number;

  constructor(values: Iterable<string>) {
    const spellings = [...new Set([...values].flatMap(spellingsOf))];
    // The longest first: of two that begin alike the whole is taken out.
    const sorted = spellings.toSorted((one, other) => other.length - one.length);
    const [longest = ''] = sorted;
    this.longest = Buffer.byteLength(longest);
    this.#pattern = sorted.length === 0 ? null : new RegExp(sorted.map(RegExp.escape).join('|'), 'g');
  }

  /** The text without secrets. */
  readonly text = (text: string): string =>
    this.#pattern === null ? text : text.replaceAll(this.#pattern, maskedValue);
}

/** How a value is written where programs print it: as it is, in an address, in JSON, in a Compose file, each of its lines. */
function spellingsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/);
  const parts = lines.length === 1 ? [] : lines.filter((line) => line.trim().length >= shortestLine);
  return [value.trim(), ...parts.map((line) => line.trim())].flatMap((text) => {
    if (text.length < shortestMasked) return [];
    const spellings = [text, JSON.stringify(text).slice(1, -1), text.replaceAll('$', () => '$$')];
    // A lone half of a character has no address.
    return text.isWellFormed() ? [...spellings, encodeURIComponent(text)] : spellings;
  });
}
