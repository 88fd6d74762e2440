import type { PlannedService } from '@playhouse/contract/compose/plan/service-plan';
import { planService } from '@playhouse/contract/compose/plan/plan-service';
import { expect, test } from 'vitest';
import { describeService } from '../describe-services.ts';
import { sampleContainer } from '../testing/sample-container.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { allEnds, isJobOver, noteEnds } from './job-ends.ts';

const planned = (name: string, watched: boolean): PlannedService => ({
  ...planService(name, { image: 'x' }, {}, {}),
  watched,
});
const plan = {
  jobMode: true,
  services: [planned('lint', true), planned('tests', true), planned('db', false)],
};
const runs = (service: string) => sampleContainer({ service });
const ended = (service: string, exitCode: number) => sampleContainer({ service, status: 'exited', exitCode });

test('how a service ended is kept as soon as it is seen, and stays when its container is removed', () => {
  const first = noteEnds(plan, [ended('lint', 0), runs('tests'), runs('db')], {});
  expect(first).toEqual({ lint: { exitCode: 0, detail: null, byItself: true } });
  expect(isJobOver(plan, first)).toBe(false);
  expect(noteEnds(plan, [runs('tests'), runs('db')], first)).toBe(first);
  const second = noteEnds(plan, [ended('tests', 3), runs('db')], first);
  expect(second).toEqual({
    lint: { exitCode: 0, detail: null, byItself: true },
    tests: { exitCode: 3, detail: null, byItself: true },
  });
  expect(isJobOver(plan, second)).toBe(true);
  const db = (exitCode: number, byItself: boolean) => ({
    ...second,
    db: { exitCode, detail: null, byItself },
  });
  expect(allEnds(plan, [runs('db')], [ended('db', 137)], second)).toEqual(db(137, false));
  expect(allEnds(plan, [ended('db', 0)], [ended('db', 0)], second)).toEqual(db(0, true));
});

test('a service that lost its container before it ended is over, without an exit code and with the reason', () => {
  const ends = noteEnds(plan, [ended('lint', 0), runs('db')], {});
  expect(ends['tests']).toMatchObject({
    exitCode: null,
    detail: expect.stringContaining('removed') as string,
  });
  expect(isJobOver(plan, ends)).toBe(true);
});

test('what is told of a job that is over is what was kept, whatever there is of its containers', () => {
  const ends = {
    lint: { exitCode: 0, detail: null, byItself: true },
    tests: { exitCode: null, detail: 'did not run: lint ended with 1', byItself: true },
    seed: { exitCode: 0, detail: null, byItself: true },
    db: { exitCode: 137, detail: null, byItself: false },
  };
  const tell = (containers: Parameters<typeof describeService>[2], state: 'completed' | 'stopped') =>
    [...plan.services, planned('seed', false)].map((service) => {
      const known = { followed: undefined, drift: undefined, kept: undefined, underWay: null };
      const told = describeService(sampleRecord({ state, ends }), service, containers, 443, known);
      return [told.name, told.state, told.exitCode, told.endDetail];
    });
  const kept = [
    ['lint', 'done', 0, null],
    ['tests', 'failed', null, 'did not run: lint ended with 1'],
    ['db', 'stopped', 137, null],
    ['seed', 'done', 0, null],
  ];
  expect(tell([], 'completed')).toEqual(kept);
  expect(tell([ended('lint', 9), runs('tests')], 'completed')).toEqual(kept);
  // Stopped by somebody, it may run again.
  expect(tell([ended('lint', 0)], 'stopped').map(([, state]) => state)).toEqual(Array(4).fill('stopped'));
});
