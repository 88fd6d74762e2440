import type { Context } from '../program/context.ts';
import type { ArgumentDefinition, CommandDescription, OptionDefinition } from './description.ts';

/** Carries a command out; resolves with the exit status when it is not 0. */
export type Handler<I> = (context: Context, input: I) => Promise<number | undefined>;

export interface CommandDefinition extends CommandDescription {
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

type ArgumentValue<E extends ArgumentDefinition> = E extends { variadic: true }
  ? readonly string[]
  : E extends { optional: true }
    ? string | undefined
    : string;

type OptionValue<E extends OptionDefinition> = E extends { repeat: true }
  ? readonly string[]
  : E extends { minimum: number }
    ? number | undefined
    : E extends { value: string }
      ? string | undefined
      : boolean;

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;
