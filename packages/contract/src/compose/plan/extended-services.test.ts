import { expect, test } from 'vitest';
import { composeProblems, parsedCompose } from '../testing/compose-text.ts';
import { planServices } from './plan-services.ts';

const text = `
services:
  base:
    image: base
    profiles: [extra]
    build: { context: ./base, args: { A: "1" } }
    labels: { playgrounds.repo_url: "https://example.org/a.git", playgrounds.port: 80, playgrounds.production: "true" }
  web: { extends: { service: base }, labels: [playgrounds.port=8080], build: { target: debug } }
  admin: { extends: web }
`;

test('labels, builds and profiles are inherited, and what a service says itself goes before', () => {
  const { services } = parsedCompose(text).plan;
  expect(services.map(({ exposure }) => [exposure?.port, exposure?.subdomain])).toEqual([
    [80, 'base'],
    [8080, 'web'],
    [8080, 'admin'],
  ]);
  expect(services[2]).toMatchObject({
    production: true,
    profiles: ['extra'],
    build: { context: './base', target: 'debug', arguments: { A: '1' } },
    source: { repository: { url: 'https://example.org/a.git' } },
  });
});

test('a circle comes to an end, and what is of another file is left to Compose', () => {
  const circle = {
    services: { a: { extends: 'b' }, b: { extends: 'a', labels: { 'playgrounds.port': '80' } } },
  };
  expect(planServices(circle).plan.services.map(({ exposure }) => exposure?.port)).toEqual([80, 80]);
  const other = { services: { a: { image: 'x', extends: { file: './b.yaml', service: 'a' } } } };
  expect(planServices(other).plan.services[0]?.exposure).toBeNull();
});

test('a fault of a label that is inherited is told once, where it is written', () => {
  const wrong = text.replace('playgrounds.port: 80', 'playgrounds.port: no');
  expect(composeProblems(wrong).filter(({ code }) => code === 'compose-bad-label')).toMatchObject([
    { line: 7, path: 'services.base.labels.playgrounds.port' },
  ]);
});
