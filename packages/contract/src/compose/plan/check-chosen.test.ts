import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parsedCompose } from '../testing/compose-text.ts';
import { checkChosen } from './check-chosen.ts';
import { serviceNeeds } from './service-needs.ts';

const faultsOf = (text: string, ...profiles: string[]) => {
  const parsed = parsedCompose(text);
  return parsed.locate(checkChosen(parsed, profiles));
};
const placesWith = (text: string, ...profiles: string[]) =>
  faultsOf(text, ...profiles).map(({ code, line, column }) => `${code} ${line}:${column}`);

const needing = (line: string) => `services:
  web: { image: x,
    ${line} }
  db: { image: x, profiles: [data] }
`;
const optional = 'depends_on: { db: { condition: service_started, required: false } }';

test.each([
  ['depends_on: [db]', '3:18'],
  ['depends_on: { db: { condition: service_started } }', '3:23'],
  ['links: ["db:other"]', '3:13'],
  ['volumes_from: ["db:ro"]', '3:20'],
  ['network_mode: "service:db"', '3:19'],
  ['ipc: "service:db"', '3:10'],
  ['pid: "service:db"', '3:10'],
  [`pid: "service:db", ${optional}`, '3:10'],
  [`network_mode: "service:db", ${optional}`, '3:19'],
  [`volumes_from: [db], ${optional}`, '3:20'],
])('`%s` of a service whose profile is not chosen is told at its place', (line, place) => {
  expect(placesWith(needing(line))).toEqual([`compose-need-unchosen ${place}`]);
  expect(placesWith(needing(line), 'data')).toEqual([]);
  expect(placesWith(needing(line), '*')).toEqual([]);
});

test.each([optional, `links: [db], ${optional}`, 'ipc: shareable'])('`%s` can do without it', (line) =>
  expect(faultsOf(needing(line))).toEqual([]),
);

test('what does not run itself needs nothing', () => {
  const text = `services:
  web: { image: x }
  tools: { image: x, depends_on: [db], profiles: [tools] }
  db: { image: x, profiles: [data] }
`;
  expect(faultsOf(text)).toEqual([]);
  expect(placesWith(text, 'tools')).toEqual(['compose-need-unchosen 3:35']);
});

const extending = (own: string, base: string) => `services:
  web: { image: x, extends: base, profiles: [run]${own} }
  base: { image: x, profiles: [never],
    ${base} }
  db: { image: x, profiles: [data] }
`;

test.each([
  ['', 'depends_on: [db]', ['compose-need-unchosen 4:18']],
  ['', 'pid: "service:db"', ['compose-need-unchosen 4:10']],
  [', pid: ""', 'pid: "service:db"', []],
  [`, ${optional}`, 'depends_on: [db]', []],
  [', depends_on: [db]', optional, ['compose-need-unchosen 2:65']],
  [', depends_on: { db: { condition: service_healthy } }', optional, []],
  [', links: [db]', optional, []],
])('what is inherited is needed, too, and merged: %s over %s', (own, base, places) => {
  expect(placesWith(extending(own, base), 'run')).toEqual(places);
});

test('what is extended from another file may have its profiles there', () => {
  const text = `services:
  web: { image: x, depends_on: [db] }
  db: { extends: { file: base.yaml, service: db }, profiles: [data] }
`;
  expect(checkChosen(withOrigin(text), [])).toEqual([]);
});

const withOrigin = (text: string) =>
  parsedCompose(text, {
    origin: {
      repository: 'https://git.example.org/a/b.git',
      branch: null,
      commit: 'c',
      path: 'compose.yaml',
    },
  });

test('a file of which nothing runs is told, with what could be chosen', () => {
  const text =
    'services:\n  web: { image: x, profiles: [one, two], depends_on: [db] }\n  db: { image: x, profiles: [two] }\n';
  expect(faultsOf(text)).toMatchObject([
    {
      code: 'compose-none-chosen',
      line: 2,
      hint: expect.stringContaining('`--profile one` or `--profile two`'),
    },
  ]);
  expect(faultsOf(text, 'two')).toEqual([]);
});

const job = `services:
  task: { image: x, profiles: [nightly], labels: { playgrounds.job_watch: true } }
  db: { image: x }
x-playgrounds: { metadata: { job_mode: true } }
`;

test('a job that would wait for nothing is told at the profiles of what it waits for', () => {
  expect(placesWith(job)).toEqual(['compose-job-unchosen 2:31']);
  expect(placesWith(job, 'nightly')).toEqual([]);
});

test('a file in which thousands inherit thousands of links does not become as many needs', () => {
  const numbers = Array.from({ length: 1000 }, (_, index) => index);
  const lines = numbers.map((number) => `  o${number}: { image: x }\n  e${number}: { extends: base }\n`);
  const base = `  base: { image: x, links: [${numbers.map((number) => `o${number}`).join(', ')}] }`;
  const file = parse(`services:\n${base}\n${lines.join('')}`) as unknown;
  const { length } = serviceNeeds(file);
  expect([length >= 1000, length <= 20_000]).toEqual([true, true]);
});
