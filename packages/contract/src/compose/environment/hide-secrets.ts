// Finds what is secret in data and texts by where it stands: under a name that says so, as the password in an address, after an
// option or in an assignment. What is found is given to `hide`, which says what is there instead.
import { isRecord } from '../../manifest/noun.ts';
import { isSecretName, maskedValue } from './mask-value.ts';

export type Hide = (secret: string) => string;

// Texts are hostile: each pattern takes time that grows with their length, not with its square.

/** The password of an address; before the last `@` of its authority, for people forget to escape theirs. */
const inAddress = /(\b[a-z][a-z\d+.-]{0,30}:\/\/[^\s/?#:@"'<>]*:)([^\s/"'<>]+)(?=@)/gi;
/** A token that stands in place of the user: of a Git repository, for example. */
const asUser = /(\bhttps?:\/\/)([^\s/?#:@"'<>]+)(?=@)/gi;
/** `NAME=value`, `--name=value`, `?name=value`; what is quoted may have spaces. */
const assigned = /(?<![\w$.-])(-{0,2})([A-Za-z][\w.-]*)=("[^"]*"|'[^']*'|[^\s&;,"']+)/g;
const option = /(?<!\S)(--?)([A-Za-z][\w-]*) +("[^"]*"|'[^']*'|[^\s"'-][^\s"']*)/g;
const header = /(\b(?:proxy-)?authorization\s*:\s*(?:(?:basic|bearer|token|digest)\s+)?)([^\s"',;]+)/gi;
const namedHeader = /(\b(X-[\w-]{1,60})\s*:\s*)([^\s"',;]+)/gi;

/** The passwords of addresses in a text. Harmless in any text: nothing else looks like that. */
export function hideInAddresses(text: string, hide: Hide): string {
  // Asked of each line of each log.
  if (!text.includes('@') || !text.includes('://')) return text;
  return text
    .replaceAll(inAddress, (_, before: string, secret: string) => before + hideUnlessFilledIn(secret, hide))
    .replaceAll(asUser, (_, before: string, secret: string) => before + hideUnlessFilledIn(secret, hide));
}

/** The same with what stands after a name in a text that is a command, an address or a connection string. */
export function hideInText(text: string, hide: Hide): string {
  return hideInAddresses(text, hide)
    .replaceAll(assigned, (whole, dashes: string, name: string, value: string) =>
      isSecretName(name) ? `${dashes}${name}=${hideQuoted(value, hide)}` : whole,
    )
    .replaceAll(option, (whole, dashes: string, name: string, value: string) =>
      isSecretName(name) ? `${dashes}${name} ${hideQuoted(value, hide)}` : whole,
    )
    .replaceAll(header, (_, before: string, secret: string) => before + hideUnlessFilledIn(secret, hide))
    .replaceAll(namedHeader, (whole, before: string, name: string, secret: string) =>
      isSecretName(name) ? before + hideUnlessFilledIn(secret, hide) : whole,
    );
}

/** All texts of the data likewise, with whole values under a secret name and the arguments of options with one. */
export function hideInData(value: unknown, hide: Hide): unknown {
  if (typeof value === 'string') return hideInText(value, hide);
  if (Array.isArray(value))
    return value.map((item, index) =>
      isSecretOption(value[index - 1]) && typeof item === 'string' && !item.startsWith('-')
        ? hideUnlessFilledIn(item, hide)
        : hideInData(item, hide),
    );
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const scalar = typeof item === 'string' || typeof item === 'number';
      return [name, scalar && isSecretName(name) ? hideWhole(String(item), hide) : hideInData(item, hide)];
    }),
  );
}

function isSecretOption(value: unknown): boolean {
  return typeof value === 'string' && /^--?[A-Za-z][\w-]*$/.test(value) && isSecretName(value);
}

function hideQuoted(value: string, hide: Hide): string {
  const [quote] = value;
  if (quote !== '"' && quote !== "'") return hideUnlessFilledIn(value, hide);
  return `${quote}${hideUnlessFilledIn(value.slice(1, -1), hide)}${quote}`;
}

/** What a shell or Compose fills in is no secret yet, what is hidden already is none any more; a path leads to one at most. */
function hideUnlessFilledIn(value: string, hide: Hide): string {
  return /^(\$|\.?\/)/.test(value) ? value : hideWhole(value, hide);
}

function hideWhole(value: string, hide: Hide): string {
  return value === '' || value === maskedValue ? value : hide(value);
}
