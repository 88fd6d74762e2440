import { expect, test } from 'vitest';
import { composeProblems, parsedCompose, placesOf } from './testing/compose-text.ts';

test.each([
  ['networks: [nowhere]', '3:16'],
  ['networks: { nowhere: {} }', '3:26'],
  ['volumes: ["nowhere:/data"]', '3:15'],
  ['volumes: [{ type: volume, source: nowhere, target: /data }]', '3:15'],
  ['configs: [nowhere]', '3:15'],
  ['secrets: [{ source: nowhere }]', '3:15'],
  ['depends_on: [nowhere]', '3:18'],
  ['depends_on: { nowhere: { condition: service_healthy } }', '3:28'],
  ['depends_on: { nowhere: { condition: service_started, required: false } }', '3:28'],
  ['extends: nowhere', '3:14'],
  ['extends: { service: nowhere }', '3:25'],
])('%s is found at its place', (line, place) => {
  const text = `services:\n  web: { image: x,\n    ${line} }\n`;
  expect(placesOf(text)).toEqual([`compose-reference-unknown ${place}`]);
});

test('what is there, or is not known yet, is let through', () => {
  const text = `
services:
  web:
    image: x
    networks: [default, inner]
    volumes: ["data:/data", ./here:/here, /anonymous, "\${VOLUME:-data}:/more"]
    depends_on: { db: { condition: service_started } }
    extends: db
    configs: [one]
    secrets: [two]
  db: { image: x }
networks: { inner: {} }
volumes: { data: {} }
configs: { one: { content: x } }
secrets: { two: { environment: X } }
`;
  expect(parsedCompose(text).plan.services).toHaveLength(2);
});

test('the name that was meant is said', () => {
  const text = 'services: { web: { image: x, volumes: ["dta:/data"] } }\nvolumes: { data: {} }\n';
  expect(composeProblems(text)[0]?.hint).toContain('Did you mean `data`?');
});

test('services that wait for each other are named, each circle once', () => {
  const text = `services:
  a: { image: x, depends_on: [b] }
  b: { image: x, depends_on: { c: { condition: service_healthy } } }
  c: { image: x, depends_on: [b] }
  d: { image: x, depends_on: [d] }
`;
  expect(composeProblems(text).map(({ code, message }) => [code, message])).toEqual([
    ['compose-circle', 'Services wait for each other in a circle: `b` → `c` → `b`.'],
    ['compose-circle', 'Services wait for each other in a circle: `d` → `d`.'],
  ]);
});

test.each(['network_mode: "service:a"', 'pid: "service:a"', 'volumes_from: [a]', 'links: ["a:other"]'])(
  'a service that begins after itself by %s is told',
  (line) => {
    expect(placesOf(`services:\n  a: { image: x,\n    ${line} }\n`)).toEqual([
      expect.stringMatching(/^compose-circle 3:/),
    ]);
  },
);

test('services that extend each other, or themselves, are told where the circle is', () => {
  const text = `services:
  a: { extends: b }
  b: { extends: { service: c } }
  c: { image: x, extends: b }
  d: { image: x, extends: d }
  e: { extends: f }
  f: { image: x }
`;
  expect(composeProblems(text).map(({ code, line, message }) => [code, line, message])).toEqual([
    ['compose-extends-circle', 3, 'Services extend each other in a circle: `b` → `c` → `b`.'],
    ['compose-extends-circle', 5, 'Services extend each other in a circle: `d` → `d`.'],
  ]);
});

test('thousands of services that wait for each other, or for nobody, are answered before the test’s time is over', () => {
  const many = (need: (index: number) => string) =>
    `services:\n${Array.from({ length: 5000 }, (_, index) => `  s${index}: { image: x, depends_on: [${need(index)}] }`).join('\n')}\n`;
  expect(composeProblems(many((index) => `s${(index + 1) % 5000}`))).toMatchObject([
    { code: 'compose-circle' },
  ]);
  expect(composeProblems(many((index) => `n${index}`))).toHaveLength(100);
});

test('a circle of thousands of services that extend each other is one fault', () => {
  const extending = Array.from(
    { length: 2000 },
    (_, index) => `  s${index}: { extends: s${(index + 1) % 2000} }`,
  );
  expect(composeProblems(`services:\n${extending.join('\n')}\n`)).toMatchObject([
    { code: 'compose-extends-circle' },
  ]);
});

test('a file that includes others, which is refused, is told of its references as well', () => {
  const text = `include: [more.yaml]\nservices: { web: { image: x, networks: [nowhere] } }\n`;
  expect(placesOf(text)).toEqual(['compose-include 1:10', 'compose-reference-unknown 2:41']);
});
