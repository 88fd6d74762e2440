/** Names of images that are being built, or were and no record has yet: until then it looks as if nobody needed them. */
export class ImagesInMaking {
  readonly #makers = new Map<string, number>();

  has(name: string): boolean {
    return this.#makers.has(name);
  }

  /** Counts an image as needed while somebody works on it, also when others do so as well. */
  async during<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    this.#makers.set(name, (this.#makers.get(name) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const left = (this.#makers.get(name) ?? 1) - 1;
      if (left === 0) this.#makers.delete(name);
      else this.#makers.set(name, left);
    }
  }
}
