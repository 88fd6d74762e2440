import { resolveConfiguration } from '@playhouse/contract/configuration';
import { expect, test } from 'vitest';
import { planInstallation } from './plan-installation.ts';
import { codePart } from './start-digest.ts';

async function plan(code: string, file: string | null, environment: Record<string, string> = {}) {
  const configuration = resolveConfiguration(file, environment);
  const paths = { logs: '/l', run: '/r', root: '/s' } as never;
  return planInstallation(
    { codeRoot: '/srv/checkout', environment },
    { configuration, paths, endpoint: 'http://127.0.0.1:7700' },
    code,
  );
}

test('code, configuration file and environment each make another digest; the same make the same', async () => {
  const digests = await Promise.all([
    plan('sha256:1', null),
    plan('sha256:2', null),
    plan('sha256:1', 'engine: { memoryBudgetMiB: 512 }'),
    plan('sha256:1', null, { https_proxy: 'http://proxy' }),
    plan('sha256:1', '{}'),
  ]);
  const words = digests.map(({ digest }) => digest);
  expect(new Set(words).size).toBe(4);
  expect(words[4]).toBe(words[0]);
  expect(codePart(words[1] ?? '')).toBe('sha256:2');
});

test('the services are told the digest, so that a changed file changes their plan', async () => {
  const { engine, digest } = await plan('sha256:1', 'logLevel: debug');
  expect(engine.environment['PLAYHOUSE_CODE_DIGEST']).toBe(digest);
});
