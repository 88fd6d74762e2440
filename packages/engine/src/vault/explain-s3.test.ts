import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { expect, test } from 'vitest';
import { explainS3, isNotFound } from './explain-s3.ts';

const s3Error = (name: string, httpStatusCode: number, message = 'words of the server') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
const explain = (error: unknown, signal?: AbortSignal) =>
  explainS3(error, { where: 'in bucket b at http://s3', signal }) as PlayhouseError;

test.each([
  [s3Error('InvalidAccessKeyId', 403), 'vault-refused', 'InvalidAccessKeyId'],
  [s3Error('SignatureDoesNotMatch', 403), 'vault-refused', 'words of the server'],
  [s3Error('NoSuchBucket', 404), 'vault-refused', 'NoSuchBucket'],
  [s3Error('403', 403, 'UnknownError'), 'vault-refused', 'HTTP status 403'],
  [s3Error('XMinioStorageFull', 507), 'vault-full', 'bucket b'],
  [s3Error('QuotaExceeded', 403), 'vault-full', 'bucket b'],
  [s3Error('InternalError', 500), 'vault-unreachable', 'InternalError'],
  [s3Error('TimeoutError', 0), 'vault-unreachable', 'TimeoutError'],
  [
    Object.assign(new AggregateError([new Error('connect ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
    'vault-unreachable',
    'connect ECONNREFUSED',
  ],
])('%s is told as %s', (error, code, words) => {
  expect(explain(error)).toMatchObject({ code, message: expect.stringContaining(words) as string });
});

test('an aborted signal is a cancellation, one that ran out a silent vault', () => {
  expect(explain(new Error('Request aborted'), AbortSignal.abort())).toMatchObject({ code: 'cancelled' });
  const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
  expect(explain(new Error('Request aborted'), late)).toMatchObject({ code: 'vault-unreachable' });
});

test('an error of ours, and a caller’s bug, are left as they are', () => {
  const ours = new PlayhouseError('vault-full', { where: 'here' });
  expect(explain(ours)).toBe(ours);
  const bug = new TypeError('no key');
  expect(explain(bug)).toBe(bug);
});

test('a missing object is told from a missing bucket', () => {
  expect(isNotFound(s3Error('NoSuchKey', 404))).toBe(true);
  expect(isNotFound(explain(s3Error('NotFound', 404)))).toBe(true);
  expect(isNotFound(s3Error('NoSuchBucket', 404))).toBe(false);
  expect(isNotFound(s3Error('AccessDenied', 403))).toBe(false);
});
