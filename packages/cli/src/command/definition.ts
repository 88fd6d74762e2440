// Commands are data. Help, docs/cli.md, completion and the parser are all derived from these definitions; the code that
// carries a command out is loaded only when it runs, so that the table stays cheap to load.
import type { Context } from '../program/context.ts';

/** What a word on the command line stands for, so that completion can offer values. */
export type ValueKind =
  | 'playground'
  | 'machine'
  | 'operation'
  | 'playspec'
  | 'source'
  | 'file'
  | 'shell'
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
  readonly summary: string;
  readonly kind?: ValueKind;
}

export interface Example {
  readonly line: string;
  readonly explanation: string;
}

/** Carries a command out; resolves with the exit status when it is not 0. */
export type Handler<I> = (context: Context, input: I) => Promise<number | undefined>;

export interface CommandDefinition {
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
  readonly load: () => Promise<Handler<never>>;
}

/** What a handler gets: every argument and option under its camelCase name. */
export type InputOf<A extends readonly ArgumentDefinition[], O extends readonly OptionDefinition[]> = {
  readonly [E in A[number] as E['name']]: ArgumentValue<E>;
} & { readonly [E in O[number] as Camel<E['name']>]: OptionValue<E> };

/** Declares a command; the compiler proves that the handler fits the arguments and options. */
export function defineCommand<
  const A extends readonly ArgumentDefinition[],
  const O extends readonly OptionDefinition[],
>(
  definition: Omit<CommandDefinition, 'arguments' | 'options' | 'load'> & {
    readonly arguments: A;
    readonly options: O;
    readonly load: () => Promise<Handler<InputOf<A, O>>>;
  },
): CommandDefinition {
  return definition;
}

/** `noWait` → `no-wait` */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `no-wait` → `noWait` */
export function camel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

type ArgumentValue<E extends ArgumentDefinition> = E extends { variadic: true }
  ? readonly string[]
  : E extends { optional: true }
    ? string | undefined
    : string;

type OptionValue<E extends OptionDefinition> = E extends { minimum: number }
  ? number | undefined
  : E extends { value: string }
    ? string | undefined
    : boolean;

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;
