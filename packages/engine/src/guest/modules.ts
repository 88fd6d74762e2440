/** What modules.dep says: the path of each module by name, and the paths it needs. */
export interface ModuleIndex {
  readonly paths: ReadonlyMap<string, string>;
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

/** `kernel/drivers/virtio/virtio_mmio.ko.xz` → `virtio_mmio`; dashes and underscores are the same letter to the kernel. */
export function moduleName(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');
}

/** Parses the text of modules.dep, as depmod writes it: `path: path path`, one line for each module. */
export function parseModulesDep(text: string): ModuleIndex {
  const paths = new Map<string, string>();
  const needs = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const path = line.slice(0, colon);
    paths.set(moduleName(path), path);
    needs.set(
      path,
      line
        .slice(colon + 1)
        .split(' ')
        .filter(Boolean),
    );
  }
  return { paths, needs };
}

/**
 * The files to load, in an order in which each finds what it needs: needs first, no file twice.
 * A wanted module that is no file is taken to be built into the kernel and left out.
 */
export function loadOrder(index: ModuleIndex, wanted: readonly string[]): readonly string[] {
  const order = new Set<string>();
  const visiting = new Set<string>();
  const add = (path: string): void => {
    if (order.has(path) || visiting.has(path)) return;
    visiting.add(path);
    for (const need of index.needs.get(path) ?? []) add(need);
    order.add(path);
  };
  for (const name of wanted) {
    const path = index.paths.get(name.replaceAll('-', '_'));
    if (path !== undefined) add(path);
  }
  return [...order];
}
