// Rules of the house that no ready-made tool knows: pure functions from a file's path and text to findings.

/** Files that may be longer than the rest, each with the reason; a listed file that no longer needs it is a finding too. */
export const longFiles: Readonly<Record<string, string>> = {};

const maximumLines = 300;
const source = /\.(ts|tsx|c|h|sh|css)$|^playhouse$|^guest\/init$|^\.ci\/run$/;

/** Files over 300 lines that are not listed with a reason, and listed ones that need no listing. */
export function lengthProblems(path: string, text: string, listed = longFiles): string[] {
  if (!source.test(path)) return [];
  const lines = text.split('\n').length - 1;
  if (lines > maximumLines && !(path in listed)) {
    return [
      `${path}: ${lines} lines, more than ${maximumLines}: split it, or list it in text-rules.ts with a reason`,
    ];
  }
  if (lines <= maximumLines && path in listed) return [`${path}: only ${lines} lines: take it off the list`];
  return [];
}

// Put together from parts, so that this file does not name them either.
const forbidden: { word: string; why: string }[] = [
  ...[
    ['registry.', 'npmjs'],
    ['registry.', 'yarnpkg'],
    ['npm', 'mirror.com'],
    ['deb.', 'debian.org'],
    ['security.', 'debian.org'],
    ['ftp.', 'debian.org'],
    ['snapshot.', 'debian.org'],
    ['archive.', 'ubuntu.com'],
    ['deb.', 'nodesource'],
    ['nodejs.org', '/dist'],
    ['registry-1.', 'docker.io'],
  ].map((parts) => ({
    word: parts.join(''),
    why: 'where packages come from is the configuration of the host, never ours',
  })),
  { word: ['shell:', ' true'].join(''), why: 'a shell string is how injections happen: pass an argv array' },
];

/** Registry and mirror hosts, and other words that must not be in the project. */
export function wordProblems(path: string, text: string): string[] {
  return forbidden.flatMap(({ word, why }) => {
    const at = text.indexOf(word);
    if (at < 0) return [];
    return [`${path}:${text.slice(0, at).split('\n').length}: "${word}": ${why}`];
  });
}
