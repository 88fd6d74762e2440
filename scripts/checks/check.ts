/** One check of the house: `run` gives the lines that say what is wrong, none when all is well. */
export interface Check {
  name: string;
  run: () => Promise<CheckResult>;
}

export interface CheckResult {
  /** What is wrong, one finding a line, or a tool's own report. */
  problems: string[];
  /** What was looked at, so that a check that looked at nothing is seen: `63 files`. */
  scope: string;
}
