// Regular expressions that strangers write and the server runs. RE2 takes time in proportion to the text whatever the
// pattern, and refuses those that would take much memory; a backtracking engine could be kept busy for ever.
import { RE2JS } from 're2js';

/** True when the text is a regular expression in RE2’s syntax: no look-around, no back-references. */
export function isPattern(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** True when the pattern occurs in the value, as with JavaScript’s `test`. */
export function matchesPattern(pattern: string, value: string): boolean {
  return RE2JS.compile(pattern).matcher(value).find();
}
