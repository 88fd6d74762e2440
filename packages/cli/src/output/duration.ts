/** Time as people read it: `0.4 s`, `12 s`, `3 min 5 s`. Milliseconds in. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Age of an instant in the largest fitting unit: `now`, `40 s ago`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAge(instant: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(instant)) / 1000);
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** Time until an instant: `in 40 s`, `in 1 h 12 min`, `in 3 d 4 h`; `now` when it has come. */
export function formatTimeLeft(instant: string, now: number): string {
  const milliseconds = Date.parse(instant) - now;
  if (milliseconds <= 0) return 'now';
  const hours = Math.floor(milliseconds / 3_600_000);
  if (hours >= 48) return `in ${Math.floor(hours / 24)} d ${hours % 24} h`;
  return `in ${formatDuration(Math.ceil(milliseconds / 1000) * 1000)}`;
}
