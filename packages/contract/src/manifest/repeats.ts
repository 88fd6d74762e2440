/** The later ones of items whose keys are equal, each with the first of its kind. Items without a key are left out. */
export function repeats<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string | number | undefined,
): { item: Item; index: number; first: Item }[] {
  const seen = new Map<string | number, Item>();
  return items.flatMap((item, index) => {
    const key = keyOf(item);
    if (key === undefined) return [];
    const first = seen.get(key);
    if (first === undefined) seen.set(key, item);
    return first === undefined ? [] : [{ item, index, first }];
  });
}
