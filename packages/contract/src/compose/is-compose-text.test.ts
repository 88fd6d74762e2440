import { expect, test } from 'vitest';
import { isComposeText } from './is-compose-text.ts';
import { composeProblems, placesOf } from './testing/compose-text.ts';

test.each([
  ['services:\n  web: { image: x }', true],
  ['{"services": {"web": {}}}', true],
  ['"services": {}', true],
  ['services:\n  web: [', true],
  ['service: { web: { image: x } }', true],
  ['Services: {}', true],
  ['version: "3"', true],
  ['{ volumes: {} }', true],
  ['x-playgrounds: {}', true],
  ['name: shop\nservics: [', true],
  ['kind: playground\nservices: {}', false],
  ['kind: playground\nplayground: {}', false],
  ['{ kind: playground }', false],
  ['name: lab\nplayground: {}', false],
  ['Kind: playground\nname: lab', false],
  ['name: lab\nmachines: []', false],
  ['name: lab\nplaygruond: {}', false],
  ['title: services are fun', false],
  ['{ a: { services: {} } }', false],
  ['just text', false],
  ['', false],
])('%j is told from other manifests', (text, compose) => {
  expect(isComposeText(text)).toBe(compose);
});

test.each([
  [
    'service: { web: { image: x } }',
    'compose-services-missing 1:1',
    /^Did you mean `services` by `service`\?/,
  ],
  ['version: "3"\nServices: {}', 'compose-services-missing 2:1', /^Did you mean `services` by `Services`\?/],
  ['version: "3"', 'compose-services-missing 1:1', /^List the services under/],
  ['x-playgrounds: {}', 'compose-services-missing 1:1', /^List the services under/],
])('%j is told that it lacks services', (text, place, hint) => {
  expect(placesOf(text)).toEqual([place]);
  expect(composeProblems(text)[0]?.hint).toMatch(hint);
});
