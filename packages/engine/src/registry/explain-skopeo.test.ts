import { expect, test } from 'vitest';
import { explainSkopeo } from './explain-skopeo.ts';

const task = { registry: 'r:5000', what: 'a', source: 'oci://r:5000/a:1', byDigest: false };
const fatal = (message: string) =>
  `time="2026-11-25T21:51:25Z" level=fatal msg="Error parsing image name \\"docker://r:5000/a:1\\": ${message}"\n`;

test.each([
  [
    'pinging container registry r:5000: Get \\"https://r:5000/v2/\\": dial tcp 10.0.0.1:5000: connect: connection refused',
    'registry-unreachable',
  ],
  [
    'pinging container registry r: Get \\"https://r/v2/\\": dial tcp: lookup r on 10.0.0.2:53: no such host',
    'registry-unreachable',
  ],
  [
    'pinging container registry r: Get \\"https://r/v2/\\": http: server gave HTTP response to HTTPS client',
    'registry-unreachable',
  ],
  ['reading manifest 1 in r:5000/a: unauthorized: authentication required', 'registry-unauthorized'],
  [
    'reading manifest 1 in r:5000/a: denied: requested access to the resource is denied',
    'registry-unauthorized',
  ],
  ['reading manifest 1 in r:5000/a: manifest unknown: manifest unknown', 'image-unknown'],
  ['reading manifest 1 in r:5000/a: name unknown: repository name not known to registry', 'image-unknown'],
  ['writing blob: Digest did not match, expected sha256:aa, got sha256:bb', 'image-digest-wrong'],
  ['choosing image instance: no image found in manifest list for architecture amd64', 'image-unfit'],
  ['fetching blob: received unexpected HTTP status: 500 Internal Server Error', 'registry-failed'],
])('%s', (message, code) => {
  expect(explainSkopeo(fatal(message), task).code).toBe(code);
});

test('what the registry lacks is a wrong digest when it was asked for by digest', () => {
  const error = explainSkopeo(fatal('manifest unknown: manifest unknown'), { ...task, byDigest: true });
  expect(error.code).toBe('image-digest-wrong');
});

test('the cause is told without skopeo’s own words around it', () => {
  const { message } = explainSkopeo(fatal('dial tcp 10.0.0.1:1: connect: connection refused'), task);
  expect(message).toBe(
    'The registry `r:5000` cannot be reached: dial tcp 10.0.0.1:1: connect: connection refused',
  );
});
