const prefix = 'playspec ';

/** What stands for the file in faults of a playspec’s own text: its author’s file is not that of whoever reads them. */
export function playspecPlace(name: string): string {
  return `${prefix}${name}`;
}

/** The same, or a file, behind the word “manifest”. */
export function manifestAt(file: string): string {
  return file.startsWith(prefix) ? `of ${file}` : file;
}
