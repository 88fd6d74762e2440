/** The parts of a package.json that name other packages. */
export interface PackageManifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/**
 * Compares the packages we depend on with the lines of docs/dependencies.md (`- \`name\`: why`): each must have exactly
 * one line, no line may be left over, and every version must be an exact one. Our own workspaces need no line.
 */
export function dependencyProblems(
  manifests: Record<string, PackageManifest>,
  documentation: string,
): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  for (const [path, manifest] of Object.entries(manifests)) {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    for (const [name, version] of Object.entries(all)) {
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        problems.push(`${path}: ${name} is "${version}", not an exact version`);
      if (!name.startsWith('@playhouse/')) used.add(name);
    }
  }
  const told = [...documentation.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name ?? '');
  const document = 'docs/dependencies.md';
  problems.push(
    ...[...used]
      .filter((name) => !told.includes(name))
      .map((name) => `${document}: no line says why ${name} is there`),
  );
  problems.push(
    ...told
      .filter((name) => !used.has(name))
      .map((name) => `${document}: ${name} is not a dependency any more`),
  );
  const twice = told.filter((name, index) => told.indexOf(name) !== index);
  return [...problems, ...twice.map((name) => `${document}: ${name} has two lines`)];
}
