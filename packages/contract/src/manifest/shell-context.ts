// Where in a shell script a position stands: inside which quotes. It decides how a variable must be written there so that
// its value stays data. A wrong guess (shell grammar has dark corners) costs a garbled word, never code: see render-script.ts.

export type ShellContext = 'bare' | 'double' | 'single' | 'ansi' | 'heredoc' | 'quoted-heredoc' | 'comment';

/** A stretch of the script that the scan passes over in one step. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

type Frame = 'command' | 'paren' | 'backtick' | 'double' | 'brace';

/** Far more than any delimiter of a here-document that a person would write. */
const longestDelimiter = 200;

interface Heredoc {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly stripTabs: boolean;
}

/** The context of each span, in order. Spans must be sorted and apart. */
export function shellContexts(script: string, spans: readonly Span[]): readonly ShellContext[] {
  return new Scan(script, spans).run();
}

class Scan {
  readonly #script: string;
  readonly #spans: readonly Span[];
  readonly #found: ShellContext[] = [];
  readonly #frames: Frame[] = ['command'];
  readonly #heredocs: Heredoc[] = [];
  #at = 0;

  constructor(script: string, spans: readonly Span[]) {
    this.#script = script;
    this.#spans = spans;
  }

  run(): readonly ShellContext[] {
    for (let span = this.#next; span; span = this.#next) {
      if (span.start <= this.#at) this.#passTo(span.end, this.#isQuoted ? 'double' : 'bare');
      else this.#step();
    }
    return this.#found;
  }

  get #next(): Span | undefined {
    return this.#spans[this.#found.length];
  }

  get #isQuoted(): boolean {
    return this.#frames.findLast((frame) => frame !== 'brace') === 'double';
  }

  #step(): void {
    const at = this.#at;
    const [character = '', next = ''] = [this.#script[at], this.#script[at + 1]];
    const frame = this.#frames.at(-1) ?? 'command';
    if (character === '\\') this.#at += 2;
    else if (character === '$' && next === '(') this.#push('paren', 2);
    else if (character === '$' && next === '{') this.#push('brace', 2);
    else if (character === '`') this.#backtick();
    else if (character === '"' && frame === 'double') this.#pop();
    else if (character === '"') this.#push('double');
    else if (character === '}' && frame === 'brace') this.#pop();
    else if (this.#isQuoted || frame === 'brace') this.#at += 1;
    else if (character === '$' && next === "'") this.#passTo(this.#closing(at + 2, true), 'ansi');
    else if (character === "'") this.#passTo(this.#closing(at + 1, false), 'single');
    else if (character === '#' && /^$|[\s;&|()]/.test(this.#script[at - 1] ?? ''))
      this.#passTo(this.#lineEnd(at), 'comment');
    else if (character === '(') this.#push('paren');
    else if (character === ')' && frame === 'paren') this.#pop();
    else if (character === '<' && next === '<') this.#redirection();
    else {
      this.#at += 1;
      if (character === '\n') this.#passHeredocs();
    }
  }

  #push(frame: Frame, width = 1): void {
    this.#frames.push(frame);
    this.#at += width;
  }

  #pop(): void {
    this.#frames.pop();
    this.#at += 1;
  }

  #backtick(): void {
    const open = this.#frames.lastIndexOf('backtick');
    if (open === -1) this.#frames.push('backtick');
    else this.#frames.splice(open);
    this.#at += 1;
  }

  /** Notes the spans that begin before `end`, and goes there. */
  #passTo(end: number, context: ShellContext): void {
    let target = end;
    for (let span = this.#next; span && span.start < target; span = this.#next) {
      this.#found.push(context);
      target = Math.max(target, span.end);
    }
    this.#at = target;
  }

  /** The end of a quotation by `'` that begins at `from`. Nothing in a template closes it. */
  #closing(from: number, escapes: boolean): number {
    let cursor = this.#found.length;
    for (let index = from; index < this.#script.length; index++) {
      while ((this.#spans[cursor]?.end ?? Number.POSITIVE_INFINITY) <= index) cursor++;
      if ((this.#spans[cursor]?.start ?? Number.POSITIVE_INFINITY) <= index) continue;
      if (escapes && this.#script[index] === '\\') index++;
      else if (this.#script[index] === "'") return index + 1;
    }
    return this.#script.length;
  }

  #lineEnd(from: number): number {
    const end = this.#script.indexOf('\n', from);
    return end === -1 ? this.#script.length : end;
  }

  #redirection(): void {
    if (this.#script[this.#at + 2] === '<') {
      this.#at += 3;
      return;
    }
    const rest = this.#script.slice(this.#at, this.#at + longestDelimiter);
    const [whole = '<<', dash, word = ''] =
      /^<<(-?)[ \t]*((?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s;&|<>()'"\\])+)/.exec(rest) ?? [];
    const delimiter = word.replaceAll(/['"\\]/g, '');
    if (word !== '') this.#heredocs.push({ delimiter, quoted: delimiter !== word, stripTabs: dash === '-' });
    this.#at += whole.length;
  }

  #passHeredocs(): void {
    for (const { delimiter, quoted, stripTabs } of this.#heredocs.splice(0)) {
      let line = this.#at;
      while (line < this.#script.length) {
        const end = this.#lineEnd(line);
        const text = this.#script.slice(line, end);
        line = end + 1;
        if ((stripTabs ? text.replace(/^\t+/, '') : text) === delimiter) break;
      }
      this.#passTo(line, quoted ? 'quoted-heredoc' : 'heredoc');
    }
  }
}
