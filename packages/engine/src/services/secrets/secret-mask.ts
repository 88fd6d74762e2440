// Takes values that are secret out of what people see: logs, errors, reports. It guards against accidents (a program that prints its
// environment), not against a container that wants its own secrets out: nothing could.
import { hideInAddresses } from '@playhouse/contract/compose/environment/hide-secrets';
import { maskedValue } from '@playhouse/contract/compose/environment/mask-value';

const masked = () => maskedValue;
/** What is shorter is in too many words to be taken out of texts. */
const shortestMasked = 4;
/** Of a value of several lines each is a secret, but not what lines of many files are. */
const shortestLine = 8;
/** Bytes from which on what a text has in Base64 is no accident. */
const shortestBase64 = 8;
/** What is a setting, whatever its name says. */
const settings: ReadonlySet<string> = new Set(['true', 'false', 'none', 'null']);

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

  /** The text without secrets; the passwords of addresses are some, though nobody knows them. */
  readonly text = (text: string): string => {
    const hidden = hideInAddresses(text, masked);
    return this.#pattern === null ? hidden : hidden.replaceAll(this.#pattern, maskedValue);
  };
}

/** How a value is written where programs print it: as it is, in an address, in JSON, in a Compose file, in Base64, each of its lines. */
function spellingsOf(value: string): readonly string[] {
  if (settings.has(value.trim().toLowerCase())) return [];
  const lines = value.split(/\r?\n/);
  const parts = lines.length === 1 ? [] : lines.filter((line) => line.trim().length >= shortestLine);
  return [value.trim(), ...parts.map((line) => line.trim())].flatMap((text) => {
    if (text.length < shortestMasked) return [];
    const spellings = [text, JSON.stringify(text).slice(1, -1), text.replaceAll('$', () => '$$')];
    return [...spellings, ...inAddresses(text), ...inBase64(text)];
  });
}

/** Encoders differ in what they leave alone, in how they write blanks, and in the case of digits. */
function inAddresses(text: string): readonly string[] {
  // A lone half of a character has no address.
  if (!text.isWellFormed()) return [];
  const component = encodeURIComponent(text);
  const strict = component.replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const written = [component, strict, strict.replaceAll('%20', '+'), encodeURI(text)];
  return written.flatMap((each) => [each, each.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase())]);
}

/** What of it is the same whatever stands before and after, at each of the three places of a byte (`user:password` of a login). */
function inBase64(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  if (bytes.length < shortestBase64) return [];
  return [0, 1, 2].flatMap((before) => {
    const whole = Math.floor((before + bytes.length) / 3) * 4;
    const from = before === 0 ? 0 : 4;
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(from, whole);
    return encoded.length < shortestBase64
      ? []
      : [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
