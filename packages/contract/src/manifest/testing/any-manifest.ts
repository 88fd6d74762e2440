import fc from 'fast-check';
import { filesystems } from '../drive.ts';
import { formatIpv4 } from '../ipv4.ts';
import { manifestSchema, type Manifest } from '../manifest.ts';
import { gibibyte, mebibyte } from '../size.ts';

// A generator of manifests for property tests: every field occurs, rules between fields mostly hold.

type Fields = Record<string, fc.Arbitrary<unknown>>;

const optional = (needed: Fields, extra: Fields) =>
  fc.record({ ...needed, ...extra }, { requiredKeys: Object.keys(needed) });

const text = fc
  .string({ minLength: 1, maxLength: 30, unit: 'binary-ascii' })
  .filter((value) => value.trim() !== '');
const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
const port = fc.integer({ min: 1, max: 65_535 });
const size = (minimum: number, maximum: number, unit: number) =>
  fc.integer({ min: minimum, max: maximum }).map((count) => count * unit);

const networks = fc.uniqueArray(
  fc.record({ second: fc.integer({ min: 1, max: 250 }), prefix: fc.integer({ min: 16, max: 29 }) }),
  {
    selector: ({ second }) => second,
    minLength: 1,
    maxLength: 4,
  },
);

const file = optional(
  {
    path: fc.stringMatching(/^\/[a-z0-9]{1,8}(\/[a-z0-9.]{1,8}x){0,2}$/),
    content: fc.string({ maxLength: 60 }),
  },
  {
    append: fc.boolean(),
    owner: fc.constantFrom('root', 0, 'a:b', '1000:1000'),
    mode: fc.constantFrom(644, '0755', '4755'),
  },
);

const drive = optional(
  { size: size(1, 9, gibibyte), mounted: fc.boolean() },
  { filesystem: fc.constantFrom(...filesystems), readOnly: fc.boolean(), persistent: fc.boolean() },
) as fc.Arbitrary<{ readonly mounted: boolean }>;

const machine = (
  name: string,
  networkNames: readonly string[],
  address: (network: string) => fc.Arbitrary<string>,
) =>
  optional(
    {
      name: fc.constant(name),
      users: fc.constantFrom(
        [{ name: 'root' }],
        [{ name: 'laborant', default: true, welcome: '-' }, { name: 'root' }],
      ),
      drives: fc.array(drive, { maxLength: 3 }).map((list) => [
        { source: 'debian-12', mount: '/' },
        ...list.map(({ mounted, ...rest }, index) => ({
          ...rest,
          ...(mounted ? { mount: `/d${index}` } : {}),
        })),
      ]),
      network: fc
        .array(
          fc
            .constantFrom(...networkNames)
            .chain((network) => optional({ network: fc.constant(network) }, { address: address(network) })),
          { minLength: 1, maxLength: 3 },
        )
        .map((interfaces) => ({ interfaces })),
    },
    {
      kernel: fc.constantFrom('6.1', 5.4, { source: '5.10' }),
      backend: fc.constantFrom('firecracker', 'qemu'),
      resources: optional(
        {},
        { cpuCount: fc.integer({ min: 1, max: 8 }), ramSize: size(64, 9000, mebibyte) },
      ),
      startupFiles: fc.uniqueArray(file, { selector: ({ path }) => String(path), maxLength: 2 }),
      noSSH: fc.boolean(),
    },
  );

const tabs = fc.array(
  fc.oneof(
    optional(
      { kind: fc.constantFrom('terminal', 'ide', 'kexp') },
      { pane: fc.constantFrom('left', 'right') },
    ),
    optional(
      { kind: fc.constant('http-port'), name: text, number: port },
      { tls: fc.boolean(), pathRewrite: text },
    ),
    fc.record({ kind: fc.constant('web-page'), name: text, url: fc.constant('https://example.com/a?b') }),
  ),
  { maxLength: 3 },
);

const tasks = fc.dictionary(
  fc.stringMatching(/^[a-z][a-zA-Z0-9_]{0,10}$/),
  optional(
    { run: text },
    {
      init: fc.boolean(),
      timeoutSeconds: port,
      user: fc.constant('laborant'),
      env: fc.array(
        text.map((value) => `VALUE=${value}`),
        { maxLength: 2 },
      ),
      hintcheck: text,
    },
  ),
  { maxKeys: 3, noNullPrototype: true },
);

const spec = networks.chain((list) => {
  const all = list.map(({ second, prefix }, index) => ({
    name: `n${index}`,
    subnet: `10.${second}.0.0/${prefix}`,
    private: index > 1,
  }));
  const address = (network: string) => {
    const { second = 1, prefix = 29 } = list[Number(network.slice(1))] ?? {};
    const last = 2 ** (32 - prefix) - 2;
    return fc
      .integer({ min: 1, max: last })
      .map((host) => formatIpv4(10 * 2 ** 24 + second * 2 ** 16 + host));
  };
  const machines = fc.uniqueArray(name, { minLength: 1, maxLength: 5 }).chain((names) =>
    fc.tuple(
      ...names.map((each) =>
        machine(
          each,
          all.map((network) => network.name),
          address,
        ),
      ),
    ),
  );
  return optional(
    { networks: fc.constant(all), machines },
    {
      egress: fc.constantFrom('open', 'none', ['example.com', '203.0.113.0/24', '192.0.2.7']),
      tabs,
      initTasks: tasks,
      initConditions: fc.constant({
        values: [{ key: 'k', default: 'a', options: ['a', 'b'], validationRegex: '^a' }],
      }),
      registryAuth: fc.constant('user:pass'),
      portForwards: fc.array(
        optional({ kind: fc.constant('local'), remotePort: port }, { localPort: port }),
        { maxLength: 2 },
      ),
      accessControl: fc.constant({
        canList: ['owner'],
        canRead: ['anyone'],
        canStart: ['github:a', 'has-pack:b'],
      }),
    },
  );
});

/** Manifests that satisfy the schema. */
export const anyManifest: fc.Arbitrary<Manifest> = optional(
  { kind: fc.constant('playground'), playground: spec },
  {
    name,
    base: name,
    title: fc.string({ minLength: 5, maxLength: 40 }),
    description: fc.string({ minLength: 1, maxLength: 60 }),
    markdown: fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
    categories: fc.array(text, { maxLength: 3 }),
  },
).map((value) => manifestSchema.parse(value));
