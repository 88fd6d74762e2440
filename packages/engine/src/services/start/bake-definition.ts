// What `docker buildx bake` is told on its standard input: whoever lists the processes of the host sees no value of a build argument.

export interface ImageBuild {
  readonly image: string;
  /** Absolute, all links followed. */
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string | null;
  readonly arguments: readonly (readonly [string, string])[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A definition of the one target `image`, which is loaded into the engine when it is built. */
export function bakeDefinition({ image, context, dockerfile, target, labels, ...build }: ImageBuild): string {
  const definition = {
    ...{ context, dockerfile, labels, tags: [image], output: ['type=docker'] },
    args: Object.fromEntries(build.arguments),
    ...(target === null ? {} : { target }),
  };
  return JSON.stringify({ target: { image: definition } }, (_, value: unknown) =>
    typeof value === 'string' ? literally(value) : value,
  );
}

/** Bake takes strings for templates. */
function literally(text: string): string {
  return text.replaceAll('${', () => '$${').replaceAll('%{', '%%{');
}
