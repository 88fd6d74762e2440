import type { Step } from '@playhouse/contract/operation';
import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { sampleStep } from '../testing/samples.ts';
import { JsonRenderer } from './json-renderer.ts';
import { LineRenderer } from './line-renderer.ts';
import { LiveRenderer } from './live-renderer.ts';
import { StepList } from './step-list.ts';

const plain = picocolors.createColors(false);

function collect(): { write: (text: string) => void; text: () => string } {
  let all = '';
  return { write: (text) => void (all += text), text: () => all };
}

function booting(part: Partial<Step>): Step {
  return sampleStep({ label: 'Booting machines', status: 'running', durationMs: 0, ...part });
}

test('lines: a step is told when it starts and ends, and each ten seconds in between', () => {
  const clock = new FakeClock();
  const output = collect();
  const renderer = new LineRenderer(output, clock);
  const first = sampleStep({ label: 'Wiring networks', status: 'done', durationMs: 120 });
  renderer.update([first, booting({})]);
  clock.advance(9000);
  renderer.update([first, booting({ detail: 'server', progress: { done: 1, total: 3, unit: 'machines' } })]);
  clock.advance(13_000);
  renderer.update([first, booting({ status: 'done', durationMs: 22_000 })]);
  renderer.stop();
  clock.advance(60_000);
  expect(output.text()).toMatchInlineSnapshot(`
    "✓ Wiring networks: done in 0.1 s
    • Booting machines ...
      Booting machines: 1 of 3 machines, server, 10 s
      Booting machines: 1 of 3 machines, server, 20 s
    ✓ Booting machines: done in 22 s
    "
  `);
});

test('lines: a failed step says how long it took', () => {
  const output = collect();
  const renderer = new LineRenderer(output, new FakeClock());
  renderer.update([booting({ status: 'failed', durationMs: 61_000 })]);
  renderer.stop();
  expect(output.text()).toBe('✗ Booting machines: failed after 1 min 1 s\n');
});

test('lines: an old state told again does not make a running step younger', () => {
  const clock = new FakeClock();
  const output = collect();
  const renderer = new LineRenderer(output, clock);
  renderer.update([booting({ durationMs: 300 })]);
  clock.advance(9_500);
  renderer.update([booting({ durationMs: 300 })]);
  clock.advance(1000);
  renderer.stop();
  expect(output.text()).toBe('• Booting machines ...\n  Booting machines: 10 s\n');
});

test('json: a line per change, none for what stayed or has not begun', () => {
  const output = collect();
  const renderer = new JsonRenderer(output);
  const pending = sampleStep({ label: 'Waiting for SSH' });
  renderer.update([booting({}), pending]);
  renderer.update([booting({ durationMs: 900 }), pending]);
  renderer.update([booting({ status: 'done', durationMs: 1200 }), pending]);
  expect(output.text()).toMatchInlineSnapshot(`
    "{"type":"step","label":"Booting machines","status":"running","durationMs":0,"detail":null,"progress":null}
    {"type":"step","label":"Booting machines","status":"done","durationMs":1200,"detail":null,"progress":null}
    "
  `);
});

test('live: shows the list with signs, bar, running time and the last detail', () => {
  const clock = new FakeClock();
  let shown = '';
  let done = 0;
  const text = Object.assign((lines: string) => void (shown = lines), { done: () => void (done += 1) });
  const renderer = new LiveRenderer(text, plain, clock);
  renderer.update([
    sampleStep({ label: 'Pulling', status: 'done', durationMs: 40, detail: 'debian-12' }),
    booting({ detail: 'server', progress: { done: 1024, total: 4096, unit: 'bytes' } }),
    sampleStep({ label: 'Waiting for SSH' }),
  ]);
  clock.advance(1560);
  expect(shown.replace(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/mu, '⠋')).toMatchInlineSnapshot(`
    "✓ Pulling             0.0 s  debian-12
    ⠋ Booting machines    1.6 s  █████░░░░░░░░░░░░░░░ 1 KiB of 4 KiB  server
      Waiting for SSH"
  `);
  renderer.stop();
  renderer.stop();
  expect(done).toBe(1);
});

test('a step of our own ends as failed when its work throws, and the error goes on', async () => {
  const clock = new FakeClock();
  const output = collect();
  const steps = new StepList(new LineRenderer(output, clock), clock);
  await steps.run('Checking', async (report) => report('all there'));
  const failing = steps.run('Installing', async () => {
    clock.advance(2000);
    throw new Error('no network');
  });
  await expect(failing).rejects.toThrow('no network');
  expect(output.text()).toBe(
    '• Checking ...\n✓ Checking: all there, done in 0.0 s\n• Installing ...\n✗ Installing: failed after 2.0 s\n',
  );
});
