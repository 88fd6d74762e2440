// The package table of docs/architecture.md, as rules. Data flows one way: contract is the ground floor, nobody imports
// server or engine, and the server reaches the engine only over the link.

/** What each package may import of ours; a package that is not listed may import nothing. */
const table = {
  contract: [],
  engine: ['contract'],
  gateway: ['contract'],
  server: ['contract', 'gateway'],
  cli: ['contract'],
  web: ['contract'],
};

const tests = '[.]test[.]tsx?$';

const packageRules = Object.entries(table).map(([name, allowed]) => ({
  name: `${name}-imports-only-${['itself', ...allowed].join('-')}`,
  comment: `packages/${name} may import ${allowed.length === 0 ? 'nothing of ours' : allowed.join(' and ')}: see the package table.`,
  severity: 'error',
  from: { path: `^packages/${name}/` },
  to: { path: '^packages/', pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...packageRules,
    {
      name: 'no-cycles',
      comment: 'A cycle is two concepts that are really one, or an interface that is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'What cannot be resolved cannot be checked.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'sources-do-not-import-tests',
      comment: 'Test helpers live beside the tests, never under the product.',
      severity: 'error',
      from: { pathNot: [tests, '^tests/', '^bench/'] },
      to: {
        path: [tests, '^tests/', '^bench/'],
        pathNot: ['^tests/prepare[.]ts$', '^tests/nothing-lost/campaign[.]ts$'],
      },
    },
    {
      name: 'packages-do-not-import-scripts',
      comment: 'scripts/ keeps the house; the product must run without it.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^scripts/' },
    },
    {
      name: 'only-system-starts-processes',
      comment: 'One place that guards argv, timeouts and logs: engine/src/system and cli/src/system.',
      severity: 'error',
      from: {
        path: '^(packages|scripts)/',
        pathNot: ['^packages/(engine|cli)/src/system/', '^scripts/system/', tests],
      },
      to: { path: '^(node:)?child_process$|node_modules/execa/' },
    },
    {
      name: 'contract-does-no-io',
      comment: 'The contract is shapes and pure functions: it must load in a browser too.',
      severity: 'error',
      from: { path: '^packages/contract/', pathNot: tests },
      to: { path: '^(node:)?(fs|fs/promises|net|http|https|tls|dgram|os|sqlite|worker_threads|process)$' },
    },
    {
      name: 'networks-know-no-machines',
      comment: 'A network is wired before any machine exists and outlives each of them.',
      severity: 'error',
      from: { path: '^packages/engine/src/networks/' },
      to: { path: '^packages/engine/src/(machines|playgrounds|snapshots)/' },
    },
    {
      name: 'layers-know-no-machines',
      comment: 'Layers are files with digests; who runs on them is the business of machines/ and snapshots/.',
      severity: 'error',
      from: { path: '^packages/engine/src/layers/' },
      to: { path: '^packages/engine/src/(machines|playgrounds|snapshots|networks)/' },
    },
    {
      name: 'system-is-the-bottom-of-the-engine',
      comment: 'system/ starts processes for whoever asks; it knows nothing of playgrounds.',
      severity: 'error',
      from: { path: '^packages/engine/src/system/' },
      to: { path: '^packages/engine/src/', pathNot: '^packages/engine/src/system/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
