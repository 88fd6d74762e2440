import { expect, test } from 'vitest';
import { parsedCompose } from '../testing/compose-text.ts';
import { buildExtras, idleBuildFields } from './build-extras.ts';
import { planServices } from './plan-services.ts';

const fields = (build: unknown) => idleBuildFields(build, ['build']).map(({ path }) => path.join('.'));

test('what a build has besides is carried out, in each of the forms that Compose takes', () => {
  expect(
    buildExtras({
      ...{ context: '.', dockerfile_inline: 'FROM x\n', no_cache: true, pull: 'true', shm_size: 1024 },
      labels: ['a=1', 'b'],
    }),
  ).toEqual({
    ...{ inline: 'FROM x\n', noCache: true, pull: true, shmSize: '1024' },
    labels: { a: '1', b: '' },
  });
  expect(buildExtras({ labels: { a: 1 } })).toEqual({ labels: { a: '1' } });
});

test('a build that has nothing of it is what it always was: images are named after it', () => {
  for (const build of ['.', null, undefined, { context: '.', no_cache: false, pull: null, labels: {} }])
    expect(buildExtras(build)).toBeUndefined();
});

test('what is not carried out is told where it stands, and what says nothing is left alone', () => {
  const idle = {
    ...{ additional_contexts: { a: './a' }, secrets: ['s'], ssh: ['default'], network: 'none' },
    ...{ platforms: ['linux/arm64'], extra_hosts: ['a:1.2.3.4'], ulimits: { nofile: 1 }, tags: ['a'] },
    ...{ cache_from: ['a'], cache_to: ['a'], no_cache_filter: ['a'], isolation: 'hyperv' },
    ...{ privileged: true, entitlements: ['network.host'], sbom: true, provenance: 'max' },
  };
  expect(fields(idle).toSorted()).toEqual(
    Object.keys(idle)
      .map((field) => `build.${field}`)
      .toSorted(),
  );
  const silent = { network: 'default', platforms: [], sbom: false, provenance: null, tags: [], 'x-mine': 1 };
  expect(fields({ context: '.', args: {}, dockerfile: 'D', target: 't', ...silent })).toEqual([]);
});

test('only what is built is asked', () => {
  const labels = { 'playgrounds.repo_url': 'https://git.example/a' };
  const issues = (web: object) => planServices({ services: { web } }).issues;
  const build = { context: '.', network: 'none' };
  expect(issues({ build, labels })).toEqual([
    {
      code: 'compose-build-field',
      path: ['services', 'web', 'build', 'network'],
      parameters: { service: 'web', field: 'network' },
    },
  ]);
  expect(issues({ image: 'a:1', labels })).toEqual([]);
});

test('what a service that is built is made for is part of what is built', () => {
  const text = (platform: string) => `
services: { web: { build: ., ${platform} labels: { playgrounds.repo_url: 'https://example.org/a.git' } } }
`;
  expect(parsedCompose(text('platform: linux/arm64,')).plan.services[0]?.build?.platform).toBe('linux/arm64');
  expect(parsedCompose(text('')).plan.services[0]?.build).not.toHaveProperty('platform');
});
