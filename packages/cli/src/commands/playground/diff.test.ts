import type { Comparison } from '@playhouse/contract/comparison';
import { expect, test } from 'vitest';
import { startFakeApi } from '../../testing/fake-api.ts';
import { type CliResult, runCli } from '../../testing/run-cli.ts';
import { sampleOperation } from '../../testing/samples.ts';

const mebibyte = 2 ** 20;

async function diff(comparison: Comparison): Promise<CliResult> {
  const operation = { ...sampleOperation, kind: 'snapshot.compare', status: 'succeeded' } as const;
  const api = await startFakeApi({
    'playground.diff': () => ({ operation }),
    'playground.diff-result': () => ({ comparison }),
    'operation.get': () => ({ operation }),
  });
  try {
    return await runCli(['playground', 'diff', '42', '43'], api.endpoint);
  } finally {
    await api.close();
  }
}

test('what is different is told by machine: files, packages, ports', async () => {
  const comparison: Comparison = {
    from: 'pg-42-lab',
    to: 'pg-43-lab',
    machines: [
      {
        name: 'server',
        presence: 'both',
        drives: [
          {
            device: '/dev/vda',
            mount: '/',
            unreadable: null,
            files: [
              { change: 'added', path: '/etc/new', sizeBefore: null, sizeAfter: 5 },
              { change: 'changed', path: '/etc/old', sizeBefore: mebibyte, sizeAfter: 2 * mebibyte },
            ],
            truncated: false,
          },
        ],
        packages: [{ name: 'curl', before: '7.88', after: null }],
        ports: { before: ['tcp 0.0.0.0:22'], after: ['tcp 0.0.0.0:22', 'tcp 0.0.0.0:80'] },
      },
    ],
  };
  const { stdout } = await diff(comparison);
  expect(stdout).toContain('server: /dev/vda at /');
  expect(stdout).toMatch(/\+ +\/etc\/new +5 B/);
  expect(stdout).toMatch(/~ +\/etc\/old +1 MiB → 2 MiB/);
  expect(stdout).toMatch(/curl +7\.88 +-/);
  expect(stdout).toContain('server: listens on\n+ tcp 0.0.0.0:80');
  const same = await diff({ ...comparison, machines: [] });
  expect(same.stdout).toBe('pg-42-lab and pg-43-lab are the same.\n');
});
