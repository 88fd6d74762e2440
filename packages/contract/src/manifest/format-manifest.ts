import { stringify } from 'yaml';
import type { Manifest } from './manifest.ts';
import { formatSize } from './size.ts';

const sizes = new Set(['size', 'ramSize']);
const renamed: Readonly<Record<string, string>> = { timeoutSeconds: 'timeout_seconds' };

// Fields whose default is the same wherever they occur; left out when they have it, to keep the text short.
const quiet: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['private', 'readOnly', 'noSSH', 'append', 'init', 'helper', 'nullable'].map((key) => [key, 'false']),
  ),
  ...Object.fromEntries(['needs', 'env', 'conditions'].map((key) => [key, '[]'])),
};

/** Fields that hold names chosen by the user below them, or text, where nothing may be rewritten. */
const named = new Set(['initTasks']);

/**
 * Writes a manifest as YAML that other clients understand too: sizes with units, `noSSH`, `timeout_seconds`. Fields
 * that have their default are left out. Parsing it gives an equal manifest.
 */
export function formatManifest(manifest: Manifest): string {
  return stringify(outward(manifest, false), { version: '1.2', lineWidth: 0, aliasDuplicateObjects: false });
}

function outward(value: unknown, namesBelow: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => outward(item, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key, item]) => item !== undefined && (namesBelow || quiet[key] !== JSON.stringify(item)),
  );
  return Object.fromEntries(
    entries.map(([key, item]) => {
      if (namesBelow) return [key, outward(item, false)];
      if (sizes.has(key) && typeof item === 'number') return [key, formatSize(item)];
      return [renamed[key] ?? key, outward(item, named.has(key))];
    }),
  );
}
