/**
 * Whether Docker Compose can divide a text into words, as a shell would: each quote is closed, and a backslash has something behind it.
 * What comes behind an operator, a bracket or a backquote is not looked at, nor is what a value is yet to be put into.
 */
export function isCommandForm(text: string): boolean {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '$' && text.charAt(at + 1) === '$') at++;
    else if (character === '$') return true;
    else if (character === '\\' && quote !== "'") {
      at++;
      if (at >= text.length) return false;
    } else if (character === quote) quote = '';
    else if (quote === '' && /["']/.test(character)) quote = character;
    else if (quote === '' && /[;&|<>()`]/.test(character)) return true;
  }
  return quote === '';
}
