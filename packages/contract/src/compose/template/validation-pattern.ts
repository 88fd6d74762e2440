import { RE2JS } from 're2js';

/** Compiles `/pattern/`, `/pattern/i` or a bare pattern as RE2, which takes no more than linear time; undefined when it is none. */
export function compileValidation(text: string): ((value: string) => boolean) | undefined {
  const [, pattern = text, flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
  if (!/^i?$/.test(flags)) return undefined;
  try {
    const compiled = RE2JS.compile(pattern, flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0);
    return (value) => compiled.matcher(value).find();
  } catch {
    return undefined;
  }
}
