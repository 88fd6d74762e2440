/** What files are cut into; only the last chunk of a file may be shorter. */
export const chunkBytes = 4 * 1024 ** 2;

/** How many chunks a file of this size has. */
export function chunkCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / chunkBytes);
}
