// What `docker buildx bake` is told on its standard input: whoever lists the processes of the host sees no value of a build argument.

import type { BuildExtras } from '@playhouse/contract/compose/plan/build-extras';

export interface ImageBuild {
  readonly image: string;
  /** Absolute, all links followed. */
  readonly context: string;
  /** Null when `extras` have it. */
  readonly dockerfile: string | null;
  readonly target: string | null;
  readonly arguments: readonly (readonly [string, string])[];
  readonly labels: Readonly<Record<string, string>>;
  readonly platform?: string;
  readonly extras?: BuildExtras;
}

/** A definition of the one target `image`, which is loaded into the engine when it is built. */
export function bakeDefinition({ image, context, target, labels, ...build }: ImageBuild): string {
  const { inline, noCache, pull, shmSize } = build.extras ?? {};
  const definition = {
    ...{ context, labels, tags: [image], output: ['type=docker'] },
    args: Object.fromEntries(build.arguments),
    ...(target === null ? {} : { target }),
    ...(build.dockerfile === null ? {} : { dockerfile: build.dockerfile }),
    ...(build.platform === undefined ? {} : { platforms: [build.platform] }),
    ...(inline === undefined ? {} : { 'dockerfile-inline': inline }),
    ...(noCache ? { 'no-cache': true } : {}),
    ...(pull ? { pull } : {}),
    ...(shmSize === undefined ? {} : { 'shm-size': shmSize }),
  };
  return JSON.stringify({ target: { image: definition } }, (_, value: unknown) =>
    typeof value === 'string' ? literally(value) : value,
  );
}

/** Bake takes strings for templates. */
function literally(text: string): string {
  return text.replaceAll('${', () => '$${').replaceAll('%{', '%%{');
}
