/** Merges what is each in order of time into one. Reads no further than it has to. */
export async function* mergeByTime<T extends { readonly at: string }>(
  sources: readonly AsyncIterable<T>[],
): AsyncGenerator<T, void> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map(async (iterator) => await next(iterator)));
    for (;;) {
      let first = -1;
      for (const [index, head] of heads.entries()) {
        const best = heads[first];
        if (head && (!best || head.value.at < best.value.at)) first = index;
      }
      const head = heads[first];
      const iterator = iterators[first];
      if (!head || !iterator) return;
      yield head.value;
      heads[first] = await next(iterator);
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => await iterator.return?.()));
  }
}

async function next<T>(iterator: AsyncIterator<T>): Promise<{ readonly value: T } | null> {
  const result = await iterator.next();
  return result.done === true ? null : { value: result.value };
}
