import { Turns } from './turns.ts';

/**
 * Fulfils one wish after the other where only the last one counts: of those that come while another is being fulfilled, the last is
 * fulfilled, for all who wait.
 */
export class LatestWish<Wish> {
  readonly #turns = new Turns();
  #latest: { readonly wish: Wish } | null = null;
  #fulfilled: object | null = null;

  /**
   * Resolves when this wish, or one that came after it, is fulfilled. `fulfil` asks what is wanted as late as it can, and does that.
   * @throws what `fulfil` throws; those who wait try again, each in turn
   */
  async fulfil(wish: Wish, fulfil: (latest: () => Wish) => Promise<void>): Promise<void> {
    this.#latest = { wish };
    await this.alone(async () => {
      if (this.#fulfilled === this.#latest) return;
      let asked = this.#latest;
      const latest = () => {
        asked = this.#latest ?? asked;
        return asked?.wish ?? wish;
      };
      await fulfil(latest);
      this.#fulfilled = asked;
    });
  }

  /** Does something while no wish is being fulfilled. */
  async alone(work: () => Promise<void>): Promise<void> {
    await this.#turns.take('', work);
  }

  /** What was fulfilled holds no longer. */
  forget(): void {
    this.#fulfilled = null;
  }
}
