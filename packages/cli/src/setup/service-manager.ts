/** What has gone wrong with a service that does not stay up. */
export interface ServiceFault {
  readonly service: string;
  readonly logFile: string;
}

/** Keeps the two services running. Two of a kind: systemd, and our own supervisor where systemd is not pid 1. */
export interface ServiceManager {
  readonly kind: 'systemd' | 'supervisor';
  /** MUST be idempotent: starts what does not run, leaves what runs alone. */
  ensureRunning(): Promise<void>;
  /** MUST end the old services and start those of the current plan. */
  restart(): Promise<void>;
  /** MUST resolve only once no service runs any more, and not fail when none ran. */
  stop(): Promise<void>;
  /** Removes what it put on the host beyond the state directory. */
  remove(): Promise<void>;
  /** A service that keeps dying; null when all is well. */
  findFault(): Promise<ServiceFault | null>;
}
