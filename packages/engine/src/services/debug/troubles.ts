/** Collects what could not be found out: a report says as much as it can, and what it cannot. */
export class Troubles {
  readonly list: { readonly about: string; readonly detail: string }[] = [];

  /** What `find` gives; when it fails `instead`, and the reason is noted. */
  async try<T>(about: string, instead: T, find: () => Promise<T> | T): Promise<T> {
    try {
      return await find();
    } catch (error) {
      this.list.push({ about, detail: error instanceof Error ? error.message : String(error) });
      return instead;
    }
  }
}
