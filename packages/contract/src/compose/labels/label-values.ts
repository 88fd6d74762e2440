// How the values of labels are written. Each reader gives undefined for what has another form.

/** `true` or `false` and nothing else: a `yes` that is taken for a no is found out too late. */
export function readBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

export function readPort(text: string): number | undefined {
  return readNumber(text, 1, 65_535);
}

export function readNumber(text: string, minimum: number, maximum: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= minimum && value <= maximum ? value : undefined;
}

const units = { ms: 1, s: 1000, m: 60_000 } as const;
const longestDuration = 60 * 60_000;

/** `500ms`, `10s` or `2m` in milliseconds; at most an hour. */
export function readDuration(text: string): number | undefined {
  const [, digits = '', unit] = /^(\d{1,7})(ms|s|m)$/.exec(text) ?? [];
  if (unit === undefined) return undefined;
  const value = Number(digits) * units[unit as keyof typeof units];
  return value > 0 && value <= longestDuration ? value : undefined;
}

/** A DNS label, or `@` for the domain itself. */
export function readSubdomain(text: string): string | undefined {
  return text === '@' || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? text : undefined;
}

/** An absolute folder of a container, without its last slash. */
export function readContainerPath(text: string): string | undefined {
  const path = text.replace(/(?<=.)\/+$/, '');
  return /^\/[^\0\n:]+$/.test(path) && !hasDots(path) ? path : undefined;
}

/** A path below the checkout. */
export function readCheckoutPath(text: string): string | undefined {
  const path = text.replace(/^(\.\/)+/, '');
  const sound = path !== '' && !/^[/~-]/.test(path) && !/[\0\n\\]/.test(path) && !hasDots(path);
  return sound ? path : undefined;
}

function hasDots(path: string): boolean {
  return path.split('/').some((part) => part === '..' || part === '.');
}

/** An absolute path of a URL. */
export function readRequestPath(text: string): string | undefined {
  return /^\/[^\s#]*$/.test(text) && text.length <= 1000 ? text : undefined;
}

/** In bytes: Git keeps a branch as a file of that name, with `.lock` at its end while it changes. */
export const longestBranch = 244;

/** A branch, by the rules of `git check-ref-format --branch`. */
export function readBranch(text: string): string | undefined {
  const forbidden = /[\p{Cc}\s~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|\/\.|\.lock(\/|$)|[/.]$|^@$/u;
  const short = text !== '' && new TextEncoder().encode(text).length <= longestBranch;
  return short && !forbidden.test(text) ? text : undefined;
}

/** A stage of a Dockerfile. */
export function readStage(text: string): string | undefined {
  return /^[A-Za-z0-9][\w.-]{0,127}$/.test(text) ? text : undefined;
}

export function readText(text: string): string | undefined {
  return text.trim() === '' || text.length > 4096 || text.includes('\0') ? undefined : text;
}

/** `NAME=value, OTHER=value`: a comma is a part of the value unless a name and `=` follow it. */
export function readBuildArguments(text: string): Readonly<Record<string, string>> | undefined {
  const entries = text
    .trim()
    .split(/\s*,\s*(?=[A-Za-z_]\w*\s*=)/)
    .map((entry) => /^([A-Za-z_]\w*)\s*=\s*(.*)$/s.exec(entry));
  const pairs = entries.flatMap((match) =>
    match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const],
  );
  const names = new Set(pairs.map(([name]) => name));
  return pairs.length === entries.length && names.size === pairs.length
    ? Object.fromEntries(pairs)
    : undefined;
}
