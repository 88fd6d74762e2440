import { isSecretName } from './mask-value.ts';

/** Where a value is from, the weakest first. */
export const variableSources = ['example', 'compose', 'global', 'service', 'system'] as const;

export type VariableSource = (typeof variableSources)[number];

export interface ServiceVariable {
  readonly name: string;
  readonly value: string;
  readonly source: VariableSource;
  /** True when it was made for this playground, from `$$secret(N)`. */
  readonly generated: boolean;
  /** Hide it from view. */
  readonly secret: boolean;
}

export interface VariableLayers {
  /** `.env.example` of the branch; `$$secret(N)` in it becomes N hex digits. */
  readonly example?: ReadonlyMap<string, string>;
  /** `environment:` and `env_file:` of the Compose file, rendered. */
  readonly compose?: Readonly<Record<string, string>>;
  /** For all services of the playground. */
  readonly global?: Readonly<Record<string, string>>;
  /** For this service alone. */
  readonly service?: Readonly<Record<string, string>>;
  /** What the platform says; nobody overrides it. */
  readonly system?: Readonly<Record<string, string>>;
  /** Values that were generated for this playground before, by name. */
  readonly kept: Readonly<Record<string, string>>;
  /** That many random hex digits. */
  readonly newHex: (digits: number) => string;
}

const secretPattern = /\$\$secret\((\d{1,4})\)/g;

/** Whether a value asks for something to be generated. */
export function asksForSecret(value: string): boolean {
  return value.search(secretPattern) >= 0;
}

/**
 * The variables of a service: `.env.example` < Compose file < global < service < system. `generated` has the values that were
 * made, by name: keep them with the playground and give them as `kept` for its other services and next time, so that two
 * services that ask for the same secret get the same one, and a database knows its password again.
 */
export function resolveVariables(layers: VariableLayers): {
  readonly variables: readonly ServiceVariable[];
  readonly generated: Readonly<Record<string, string>>;
} {
  const found = new Map<string, { readonly value: string; readonly source: VariableSource }>();
  for (const source of variableSources) {
    const layer = layers[source] ?? {};
    const entries =
      layer instanceof Map ? [...layer] : Object.entries(layer as Readonly<Record<string, string>>);
    for (const [name, value] of entries) found.set(name, { value, source });
  }
  const generated: Record<string, string> = {};
  const variables = [...found].map(([name, { value, source }]): ServiceVariable => {
    const asks = source === 'example' && asksForSecret(value);
    const final = asks ? generate(name, value, layers) : value;
    if (asks) generated[name] = final;
    return { name, value: final, source, generated: asks, secret: asks || isSecretName(name) };
  });
  return { variables: variables.toSorted((one, other) => compare(one.name, other.name)), generated };
}

function generate(name: string, value: string, { kept, newHex }: VariableLayers): string {
  const before = Object.hasOwn(kept, name) ? kept[name] : undefined;
  return before ?? value.replaceAll(secretPattern, (_, digits: string) => newHex(Number(digits)));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
