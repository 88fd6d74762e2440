/** One measured promise: what was measured, the bar it is held against, the raw samples. */
export interface Row {
  readonly name: string;
  readonly figure: number;
  readonly unit: 's' | 'ms' | 'MB' | '×' | 'blobs' | 'requests' | 'traces';
  /** The figure must not be above it. */
  readonly bar: number;
  /** Raw samples, in the order in which they were taken. */
  readonly samples: unknown;
  /** Lines that explain the figure. */
  readonly notes?: readonly string[];
}

export function holds({ figure, bar }: Row): boolean {
  return figure <= bar;
}

/** `name   figure   bar   verdict`, aligned with others. */
export function formatRow(row: Row): string {
  const number = (value: number) =>
    `${row.unit === '×' || row.unit === 's' ? value.toFixed(2) : value.toFixed(0)} ${row.unit}`;
  const verdict = holds(row) ? 'holds' : 'MISSED';
  const line = `${row.name.padEnd(52)} ${number(row.figure).padStart(10)}   ≤ ${number(row.bar).padEnd(9)} ${verdict}`;
  return [line, ...(row.notes ?? []).map((note) => `    ${note}`)].join('\n');
}
