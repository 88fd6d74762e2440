import { readCompose } from '@playhouse/contract/compose/read-compose';
import { locateIssue } from '@playhouse/contract/manifest/locate-issue';
import { expect, test } from 'vitest';
import { configFault } from './config-fault.ts';

const text = `services:
  web:
    image: x
    ports:
      - "80"
      - target: abc
`;
const { text: located } = readCompose(text, 'shop.yaml') as Extract<
  ReturnType<typeof readCompose>,
  { problems?: undefined }
>;
const fault = (said: string) =>
  configFault(said, '/var/lib/pg/beside', (issues) => issues.map((issue) => locateIssue(located, issue)));

test.each([
  ['validating /var/lib/pg/beside/compose.yaml: services.web.image must be a string', 3, 12],
  ['error while interpolating services.web.ports.[].target: failed to cast', 5, 7],
  ['service ports services.web.ports.[1] is missing a target port', 6, 9],
  ['services.web: can’t set distinct values', 3, 5],
])('what Docker Compose refuses is told at its place: %s', (said, line, column) => {
  expect(fault(said)).toMatch(new RegExp(`^shop.yaml:${line}:${column} services.web`));
  expect(fault(said)).not.toContain('/var/lib');
});

test('what it says of a service that it has read is told where that is', () => {
  expect(fault('service "web" depends on undefined service "db": invalid compose project')).toMatch(
    /^shop.yaml:3:5 services.web/,
  );
});

test('what it says of no place is told as it is', () => {
  expect(fault('invalid compose project')).toBe('invalid compose project');
});
