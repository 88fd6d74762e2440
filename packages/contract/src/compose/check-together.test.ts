import { expect, test } from 'vitest';
import { composeProblems, placesOf, webText } from './testing/compose-text.ts';

test.each([
  [['network_mode: none', 'networks: [default]'], '5:15'],
  [['network_mode: none', 'networks: { default: { aliases: [a] } }'], '5:15'],
  [['scale: 2', 'deploy: { replicas: 3 }'], '5:25'],
  [['cpus: 0.5', 'deploy: { resources: { limits: { cpus: "0.6" } } }'], '5:44'],
  [['mem_limit: 1g', 'deploy: { resources: { limits: { memory: 512m } } }'], '5:46'],
  [['pids_limit: 5', 'deploy: { resources: { limits: { pids: 6 } } }'], '5:44'],
])('%s exclude each other, at the place of the second', (lines, place) => {
  expect(placesOf(webText(lines))).toEqual([`compose-exclusive ${place}`]);
});

test.each([
  [['network_mode: none', 'networks: {}']],
  [['network_mode: "${MODE:-}"', 'networks: [default]']],
  [['scale: 2', 'deploy: { replicas: "2" }']],
  [['cpus: 0.5', 'deploy: { resources: { limits: { cpus: "0.50" } } }']],
  [['mem_limit: 512m', 'deploy: { resources: { limits: { memory: 0.5g } } }']],
])('%s say the same, or may', (lines) => {
  expect(placesOf(webText(lines))).toEqual([]);
});

test('a build has one Dockerfile', () => {
  const build = 'build: { context: ., dockerfile: D, dockerfile_inline: FROM x }';
  const labels = 'labels: { playgrounds.repo_url: "https://e.org/a" }';
  expect(placesOf(webText([build, labels]))).toEqual(['compose-exclusive 4:60']);
});

test('configs and secrets have exactly one place that their content is from', () => {
  const more = (text: string) => placesOf(webText([], [text]));
  expect(more('secrets: { x: {} }')).toEqual(['compose-part-empty 4:15']);
  expect(more('configs: { x: { name: y } }')).toEqual(['compose-part-empty 4:15']);
  expect(more('configs: { x: { content: a, environment: B } }')).toEqual(['compose-exclusive 4:42']);
  expect(more('configs: { x: { content: "" } }')).toEqual([]);
  expect(composeProblems(webText([], ['secrets: { x: {} }']))[0]).toMatchObject({
    message: 'Secret `x` does not say where its content is from.',
    hint: 'Give it `file` or `environment`.',
  });
});

test('an image without a name is none', () => {
  expect(placesOf('services: { a: { image: "" } }')).toEqual(['compose-service-empty 1:25']);
});

test('what a variable will be written to is not judged before', () => {
  const text = `services:
  web: { image: "", scale: 1, deploy: { replicas: 2 } }
secrets: { x: {} }
x-playgrounds:
  variables:
    A: { paths: [services.web.image, services.web.scale, secrets.x.environment] }
`;
  expect(placesOf(text)).toEqual([]);
});
