const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder; name a file in it',
  ENOTDIR: 'it, or what it is to lie in, is no folder',
  EACCES: 'permission to read it, or to enter a folder above it, is missing',
  EPERM: 'permission to read it is missing',
  ELOOP: 'its links lead in a circle',
};

/** Why a file cannot be read, in words for whoever named it; `cause` is what the system said. */
export function whyUnreadable(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : '';
  return reasons[code] ?? cause.message;
}
