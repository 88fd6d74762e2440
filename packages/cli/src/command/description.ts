// Commands are data. Help, docs/cli.md, completion and the parser are all derived from these definitions; the code that
// carries a command out is loaded only when it runs, so that the table stays cheap to load.

/** What a word on the command line stands for, so that completion can offer values. */
export type ValueKind =
  | 'playground'
  | 'machine'
  | 'operation'
  | 'playspec'
  | 'source'
  | 'user'
  | 'token'
  | 'kernel'
  | 'snapshot'
  | 'layer'
  | 'file'
  | 'shell'
  | 'expiry'
  | 'format';

export interface ArgumentDefinition {
  /** camelCase, as the handler sees it; help shows it in kebab-case. */
  readonly name: string;
  readonly summary: string;
  readonly optional?: true;
  /** Takes all the words that are left. */
  readonly variadic?: true;
  readonly kind?: ValueKind;
}

export interface OptionDefinition {
  /** Long name without dashes, in kebab-case: `no-wait`. */
  readonly name: string;
  readonly short?: string;
  /** Placeholder of the value; a flag has none. */
  readonly value?: string;
  /** The value must be a whole number of at least this. */
  readonly minimum?: number;
  /** May be given several times; the handler gets a list. */
  readonly repeat?: true;
  readonly summary: string;
  readonly kind?: ValueKind;
}

export interface Example {
  readonly line: string;
  readonly explanation: string;
}

/** All there is to say of a command but how it is carried out. */
export interface CommandDescription {
  /** Words after `playhouse`. */
  readonly path: readonly string[];
  /** Other names of the last word of the path. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly description?: string;
  /** Left out of help and docs. */
  readonly hidden?: true;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: readonly OptionDefinition[];
  readonly examples: readonly Example[];
}

/** `noWait` → `no-wait` */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `no-wait` → `noWait` */
export function camel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
