import type { Problem } from '../../errors/problem.ts';
import type { Manifest } from '../manifest.ts';
import { parseManifest, type ParseManifestOptions } from '../parse-manifest.ts';

// Builders for the tests of this folder: a sound manifest, and pieces to break it with.

export const machineText = (
  name: string,
  more: readonly string[] = [],
  interfaces = '[{ network: local }]',
) => `
    - name: ${name}
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: / }]
      network: { interfaces: ${interfaces} }${more.map((line) => `\n      ${line}`).join('')}`;

/** A manifest of the given machines and further lines of the `playground:` block. */
export const manifestText = (machines: readonly string[], more: readonly string[] = []) =>
  [
    'kind: playground',
    'playground:',
    ...more.map((line) => `  ${line}`),
    `  machines:${machines.join('')}`,
    '',
  ].join('\n');

export function parsed(text: string, options: Partial<ParseManifestOptions> = {}): Manifest {
  const result = parseManifest(text, { file: 'm.yaml', ...options });
  if (result.problems !== undefined) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.manifest;
}

export function problemsOf(text: string, options: Partial<ParseManifestOptions> = {}): readonly Problem[] {
  return parseManifest(text, { file: 'm.yaml', ...options }).problems ?? [];
}

export function codesOf(text: string, options: Partial<ParseManifestOptions> = {}): string[] {
  return problemsOf(text, options).map(({ code }) => code);
}
