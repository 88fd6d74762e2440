// What things of a playroom are called in its vault.
import { basename, dirname } from 'node:path';

/** A file of the vault, and where it is on the playroom. */
export interface VaultedFile {
  readonly name: string;
  readonly path: string;
}

export function snapshotName(id: string): string {
  return `snapshot-${id}`;
}

export function layerName(id: string): string {
  return `layer-${id}`;
}

/** Bases lie in folders that are named by source and digest. */
export function baseName(file: string): string {
  return `base-${basename(dirname(file))}`;
}
