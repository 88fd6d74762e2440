// `unit` needs no root and runs beside anything; `end-to-end` boots real machines, two files at a time. Asked for by name: `long`,
// what takes machines many minutes, and `official-sources`, which makes what machines are made of from today's packages.
import { defineConfig } from 'vitest/config';
import { ReportWriter } from './scripts/tests/report-writer.ts';
import { SlowFirst } from './tests/slow-first.ts';

const minutes = 60_000;

export default defineConfig({
  test: {
    passWithNoTests: false,
    reporters: ['default', new ReportWriter()],
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'scripts/**/*.test.ts', 'tests/nothing-lost/*.test.ts'],
          pool: 'forks',
          // Files share what they import: to load and make it again for each of them took longer than most of them take. So a test
          // that changes something of its process, such as a global or its environment, changes it back.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          unstubGlobals: true,
          // More than processors: many a test waits, for a process or a clock of the system.
          maxWorkers: 4,
          testTimeout: 10_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: ['tests/end-to-end/**/*.e2e.test.ts'],
          pool: 'forks',
          // Each file has installations of its own, and most machines have one processor.
          maxWorkers: 2,
          testTimeout: 5 * minutes,
          hookTimeout: 5 * minutes,
          teardownTimeout: 1 * minutes,
        },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['tests/long/**/*.e2e.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 10 * minutes,
          hookTimeout: 10 * minutes,
        },
      },
      {
        extends: true,
        test: {
          name: 'official-sources',
          include: ['tests/official-sources/**/*.e2e.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 40 * minutes,
          hookTimeout: 5 * minutes,
        },
      },
    ],
  },
});
