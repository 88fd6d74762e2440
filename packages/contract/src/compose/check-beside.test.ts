import { expect, test } from 'vitest';
import { labelled, parsedCompose, placesOf, repository, webText } from './testing/compose-text.ts';

const origin = {
  repository: 'https://git.example.org/a/b.git',
  branch: null,
  commit: 'c0ffee',
  path: 'compose.yaml',
};
const notesOf = (text: string, options = {}) =>
  parsedCompose(text, options).notes.map(({ code, line, column }) => `${code} ${line}:${column}`);

test('a mount without a repository behind it is told at its place: it begins empty', () => {
  const text = webText(['volumes:', '  - ./data:/data', '  - { type: bind, source: ./conf, target: /c }']);
  expect(notesOf(text)).toEqual(['compose-nothing-beside 5:9', 'compose-nothing-beside 6:9']);
  expect(notesOf(text, { origin })).toEqual([]);
  expect(notesOf(labelled([repository, 'source_mount: /app'], ['volumes: [./data:/data]']))).toEqual([]);
  expect(notesOf(webText(['volumes: [data:/data]'], ['volumes: { data: {} }']))).toEqual([]);
});

test('files that have to be there are refused without a repository that could have them', () => {
  const config = ['configs: { here: { file: ./here.conf } }', 'secrets: { key: { file: key } }'];
  expect(placesOf(webText([], config))).toEqual(['compose-file-missing 4:26', 'compose-file-missing 5:25']);
  expect(parsedCompose(webText([], config), { origin }).notes).toEqual([]);
  const environment = webText(['env_file: [a.env, { path: b.env, required: false }]']);
  expect(placesOf(environment)).toEqual(['compose-file-missing 4:16']);
  expect(placesOf(environment, { origin })).toEqual([]);
});

test('a file that is extended has to be in a repository too, and the file itself is told of no other fault', () => {
  const text = 'services: { web: { extends: { file: base.yaml, service: s } } }';
  expect(placesOf(text)).toEqual(['compose-file-missing 1:37']);
  expect(placesOf(text, { origin })).toEqual([]);
  const own = labelled([repository, 'production: true'], ['extends: { file: base.yaml, service: s }']);
  expect(placesOf(own)).toEqual([]);
  expect(placesOf(webText(['extends: { file: "oci://e.org/a", service: s }']))).toEqual([
    'compose-denied 4:16',
  ]);
});

test('of two repositories neither is shared, and each service has the environment files of its own', () => {
  const text = (name: string) => `services:
  a: { image: x, env_file: a.env, labels: { playgrounds.repo_url: 'https://e.org/a', playgrounds.source_mount: /a } }
  b: { image: x, labels: { playgrounds.repo_url: 'https://e.org/b', playgrounds.source_mount: /a } }
  c: { image: x, ${name}: [./c.env] }
`;
  expect(placesOf(text('env_file'))).toEqual(['compose-file-missing 4:29']);
});

test('what is yet to be filled in is not spoken of', () => {
  expect(notesOf(webText(['volumes: ["${HERE:-.}:/data"]']))).toEqual([]);
});
