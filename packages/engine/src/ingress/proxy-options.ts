import type { Account } from '../system/as-account.ts';
import type { Certificates } from './certificates/certificates.ts';
import type { LocalAuthority } from './certificates/local-authority.ts';
import type { GateServer } from './gate/gate-server.ts';
import type { ProxyFolders } from './proxy-folders.ts';

/** What every proxy is told at its start. */
export interface ProxyOptions extends ProxyFolders {
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly certificates: Certificates;
  /** Signs for all hosts that no other certificate is for. */
  readonly authority: Pick<LocalAuthority, 'certificatesFor' | 'file'>;
  /** Listens in the run folder. */
  readonly gate: Pick<GateServer, 'open' | 'socket'>;
  /** As whom the proxy runs, with the right to take low ports; null: as who starts it. Asked when it is needed. */
  readonly account: () => Promise<Account | null>;
}
