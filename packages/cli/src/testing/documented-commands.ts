// Finds in a page what its reader may type: command lines of code blocks, and the words in backquotes that begin with `playhouse`.

export interface DocumentedCommand {
  /** Number of its line, from 1. */
  readonly line: number;
  /** What follows `playhouse`, as a shell would split it. */
  readonly words: readonly string[];
  /** In running text, where the mere name of a command tells of it. */
  readonly inText: boolean;
}

/** `playhouse` where a command begins, alone or after `sudo`, settings, another command, or as an example in a comment. */
const beginning =
  /(?:^|[|;&(]\s*|^\$\s+|#\s+(?:[^#`]*:\s+)?)(?:sudo\s+)?(?:[A-Z_]+=\S*\s+)*(?:\.\/)?playhouse(?=\s|$)/g;
/** Rows of a table may go on after `·` with the rest of a command alone. */
const shorthand = /`([^`]+)`(?=\s*(?:·|\|))/g;

/** Those of a page of Markdown, or of a file that is all code. */
export function documentedCommands(text: string, isCode = false): readonly DocumentedCommand[] {
  const found: DocumentedCommand[] = [];
  let fence: string | null = isCode ? 'all' : null;
  text.split('\n').forEach((content, index) => {
    const [, mark] = /^\s*(```+|~~~+)/.exec(content) ?? [];
    if (mark !== undefined && (fence === null || mark === fence)) {
      fence = fence === null ? mark : null;
      return;
    }
    const add = (code: string, inText: boolean) => {
      for (const words of commandsIn(code)) found.push({ line: index + 1, words, inText });
    };
    if (fence !== null || /^ {4}/.test(content)) return add(content.trim(), false);
    for (const [, code = ''] of content.matchAll(/`([^`]+)`/g)) add(code.trim(), true);
  });
  return found;
}

/** Commands of which a row of a table gives only the end, behind a whole one: with the first word of that one. */
export function shortenedCommands(text: string): readonly DocumentedCommand[] {
  return text.split('\n').flatMap((content, index) => {
    const [, cell = ''] = /^\| ((?:`[^`]*`|[^|`])*) \|/.exec(content) ?? [];
    if (!/^`(?:sudo )?playhouse /.test(cell)) return [];
    const [first = '', ...rest] = [...`${cell} |`.matchAll(shorthand)].map(([, code = '']) => code);
    const [noun = ''] = commandsIn(first)[0] ?? [];
    return rest.flatMap((code) =>
      commandsIn(code).length > 0
        ? []
        : [{ line: index + 1, words: [noun, ...splitWords(code)], inText: true }],
    );
  });
}

function commandsIn(code: string): readonly (readonly string[])[] {
  return [...code.matchAll(beginning)].map(({ 0: { length }, index }) =>
    splitWords(code.slice(index + length)),
  );
}

/** Splits like a shell, up to where the command ends; what stands in brackets may be left out, and is. */
function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:'[^']*'|"[^"]*"|<[^<>\s]*>|[^\s'"|;&<>)])+|[|;&<>)]/g)) {
    if (/^(?:[|;&<>)]|#.*|\d?>.*)$/.test(word)) break;
    if (!/^\[.*\]$/.test(word)) words.push(word.replaceAll(/['"]/g, ''));
  }
  return words;
}
