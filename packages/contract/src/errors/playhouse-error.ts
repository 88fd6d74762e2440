import { type ErrorCode, errorCatalogue, isErrorCode } from './catalogue.ts';
import type { Problem } from './problem.ts';

export type ErrorParameters = Readonly<Record<string, string | number>>;

export interface PlayhouseErrorOptions {
  readonly cause?: unknown;
  /** Located faults of the user's file, when the error is about one. */
  readonly problems?: readonly Problem[];
  /** Instead of the catalogue’s, where more is known. */
  readonly hint?: string;
}

/**
 * An error of the catalogue: something a user can meet and mend. Any other error that reaches a rim (API, CLI, operation)
 * is a bug and is shown as `internal-error`.
 */
export class PlayhouseError extends Error {
  override readonly name = 'PlayhouseError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, parameters: ErrorParameters = {}, options: PlayhouseErrorOptions = {}) {
    const definition = errorCatalogue[code];
    super(fill(definition.message, parameters), { cause: options.cause });
    this.code = code;
    this.status = definition.status;
    this.hint = options.hint ?? fill(definition.hint, parameters);
    this.problems = options.problems ?? [];
  }
}

/** The shape in which errors travel: API bodies, operations, the link. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly problems?: readonly Problem[] | undefined;
}

/** Turns anything thrown into the travelling shape; an error outside the catalogue becomes `internal-error`. */
export function toErrorBody(thrown: unknown): ErrorBody {
  const error = toPlayhouseError(thrown);
  const body = { code: error.code, message: error.message, hint: error.hint };
  return error.problems.length > 0 ? { ...body, problems: error.problems } : body;
}

/** Wraps anything thrown that is not of the catalogue as `internal-error`, keeping it as the cause. */
export function toPlayhouseError(thrown: unknown): PlayhouseError {
  if (thrown instanceof PlayhouseError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new PlayhouseError('internal-error', { message }, { cause: thrown });
}

/** Rebuilds an error that came over the wire, word for word, even when this version does not know its code. */
export function fromErrorBody(body: ErrorBody): PlayhouseError {
  const code = isErrorCode(body.code) ? body.code : 'internal-error';
  const error = new PlayhouseError(code, {}, { problems: body.problems ?? [] });
  error.message = body.message;
  return Object.assign(error, { hint: body.hint });
}

/** What the thrower does not know is called by its name: no braces reach a user. */
function fill(template: string, parameters: ErrorParameters): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? name));
}
