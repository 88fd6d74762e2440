import { namesIn } from '../../system/durable-file.ts';
import type { ServicesRecords } from '../services-record.ts';
import { settleCheckout } from './move-checkout.ts';

/** Puts right what the Git of an earlier engine left half done. MUST be called before any works there. */
export async function settleCheckouts(records: Pick<ServicesRecords, 'all' | 'files'>): Promise<void> {
  for (const { order } of records.all()) {
    const { histories, history, checkout } = records.files(order.id);
    for (const name of await namesIn(histories)) {
      const service = name.replace(/\.git$/, '');
      // What becomes of one hinders no other; the next engine tries again.
      await settleCheckout({ folder: checkout(service), history: history(service) }).catch(() => {});
    }
  }
}
