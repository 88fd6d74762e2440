// What an S3 client throws, as an error of the catalogue. Servers differ in their words, so the HTTP status counts as well.
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

/** An answer that had begun well and did not come to its end. */
export class AnswerBrokeOff extends Error {
  override readonly name = 'AnswerBrokeOff';
}

export function rethrowBrokenOff(cause: unknown): never {
  throw new AnswerBrokeOff(
    `the answer broke off: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
}

const full = new Set([
  'QuotaExceeded',
  'QuotaExceededException',
  'XMinioStorageFull',
  'InsufficientStorage',
  'StorageFull',
]);
const refused = new Set([
  'AccessDenied',
  'AccountProblem',
  'AuthorizationHeaderMalformed',
  'InvalidAccessKeyId',
  'InvalidBucketName',
  'NoSuchBucket',
  'SignatureDoesNotMatch',
  'RequestTimeTooSkewed',
]);

/** Tells that there is no such object; a bucket that is missing is another matter. */
export function isNotFound(error: unknown): boolean {
  const { name, status } = describe(error instanceof PlayhouseError ? error.cause : error);
  return name !== 'NoSuchBucket' && (name === 'NoSuchKey' || name === 'NotFound' || status === 404);
}

/** Never holds what was signed with: only the server’s own code and words. */
export function explainS3(
  cause: unknown,
  { where, signal }: { readonly where: string; readonly signal: AbortSignal | undefined },
): unknown {
  if (cause instanceof PlayhouseError || cause instanceof TypeError || cause instanceof RangeError)
    return cause;
  const timedOut = signal?.aborted && (signal.reason as Error | undefined)?.name === 'TimeoutError';
  if (signal?.aborted && !timedOut) return new PlayhouseError('cancelled', {}, { cause });
  const { name, message, status } = describe(cause);
  if (full.has(name) || status === 507) return new PlayhouseError('vault-full', { where }, { cause });
  const detail = [name, message].filter((word) => word !== '' && word !== 'Error').join(': ') || 'no answer';
  if (refused.has(name) || status === 401 || status === 403) {
    return new PlayhouseError('vault-refused', { where, detail }, { cause });
  }
  return new PlayhouseError('vault-unreachable', { where, detail }, { cause });
}

function describe(error: unknown): { name: string; message: string; status: number } {
  if (!(error instanceof Error)) return { name: '', message: String(error), status: 0 };
  const { $metadata, code } = error as { $metadata?: { httpStatusCode?: number }; code?: string };
  // A refused connection to a name with several addresses has no message of its own.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined)?.message : undefined;
  const message = error.message || first || (code ?? '');
  return {
    name: error.name,
    message: message === 'UnknownError' ? `HTTP status ${$metadata?.httpStatusCode ?? 0}` : message,
    status: $metadata?.httpStatusCode ?? 0,
  };
}
