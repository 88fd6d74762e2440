// When the host’s disk is full, QEMU has the machine stand still rather than tell its guest that a drive is broken, which would cost
// it that file system. But nobody has it go on then.
import type { QmpConnection } from './qmp.ts';

const pauseMs = 1000;

/** Has a machine that stands still because the disk is full try again every second, for as long as its monitor is open. */
export function goOnWhenThereIsRoom(
  monitor: Pick<QmpConnection, 'execute' | 'on' | 'closed' | 'held'>,
  everyMs = pauseMs,
): void {
  let timer: NodeJS.Timeout | null = null;
  const tryAgain = async () => {
    const { status } = (await monitor.execute('query-status')) as { status: string };
    // One that is being cut goes on when that is over.
    if (status === 'io-error' && !monitor.held) await monitor.execute('cont');
  };
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = null;
      void tryAgain().catch(() => {});
    }, everyMs).unref();
  };
  // A try that fails says so again.
  monitor.on('BLOCK_IO_ERROR', ({ action }) => {
    if (action === 'stop') soon();
  });
  void monitor.closed.then(() => clearTimeout(timer ?? undefined));
}
