// What the supervisor is told, as JSON in <state>/run/supervisor.json. Written by `playhouse up`.

export interface ServicePlan {
  readonly name: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface SupervisorPlan {
  /** Folder of the pid files. */
  readonly runDirectory: string;
  readonly services: readonly ServicePlan[];
}

/** `<run>/supervisor.pid`, `<run>/server.pid`, …: `PID STARTTIME RESTARTS BOOTID` */
export function pidFile(runDirectory: string, name: string): string {
  return `${runDirectory}/${name}.pid`;
}

export function planFile(runDirectory: string): string {
  return `${runDirectory}/supervisor.json`;
}
