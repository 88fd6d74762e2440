import { expect, test } from 'vitest';
import { sampleContainer } from '../testing/sample-container.ts';
import { outlookOf } from './blocked-by.ts';

const needs = (condition: string, more: object = {}) => ({
  image: 'x',
  depends_on: { migrate: { condition, required: true, ...more } },
});
const outlook = (condition: string, migrate: Parameters<typeof sampleContainer>[0], more: object = {}) =>
  outlookOf('tests', { tests: needs(condition, more), migrate: { image: 'x' } }, [
    sampleContainer({ service: 'migrate', ...migrate }),
  ]);

test('a service waits for what it needs to end well, and never runs when that failed', () => {
  const condition = 'service_completed_successfully';
  expect(outlook(condition, {})).toBe('waits');
  expect(outlook(condition, { status: 'created' })).toBe('waits');
  expect(outlook(condition, { status: 'exited', exitCode: 0 })).toBe('ready');
  expect(outlook(condition, { status: 'exited', exitCode: 3 })).toEqual({ never: 'migrate ended with 3' });
  expect(outlook(condition, { status: 'exited', exitCode: 3 }, { required: false })).toBe('ready');
});

test('a service waits for what it needs to be healthy, and never runs when that ended', () => {
  const condition = 'service_healthy';
  expect(outlook(condition, { health: 'starting' })).toBe('waits');
  expect(outlook(condition, { health: 'healthy' })).toBe('ready');
  expect(outlook(condition, { health: 'unhealthy' })).toEqual({ never: 'migrate is unhealthy' });
  expect(outlook(condition, { status: 'exited', exitCode: 0 })).toEqual({ never: 'migrate ended with 0' });
});

test('whatever comes of what a service only needs to be started is in nobody’s way', () => {
  expect(outlook('service_started', { status: 'exited', exitCode: 5 })).toBe('ready');
  expect(outlook('service_started', { status: 'created' })).toBe('waits');
});

test('what keeps a service from running keeps away all that need it, and nobody else', () => {
  const services = {
    migrate: { image: 'x' },
    seed: needs('service_completed_successfully'),
    tests: { image: 'x', depends_on: { seed: { condition: 'service_started', required: true } } },
    lint: { image: 'x' },
  };
  const containers = [
    sampleContainer({ service: 'migrate', status: 'exited', exitCode: 3 }),
    ...['seed', 'tests', 'lint'].map((service) => sampleContainer({ service, status: 'created' })),
  ];
  expect(['seed', 'tests', 'lint'].map((name) => outlookOf(name, services, containers))).toEqual([
    { never: 'migrate ended with 3' },
    { never: 'migrate ended with 3' },
    'ready',
  ]);
});
