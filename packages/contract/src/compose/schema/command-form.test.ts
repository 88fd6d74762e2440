import { expect, test } from 'vitest';
import { isCommandForm } from './command-form.ts';

test.each([`echo "it's" 'a"b' a\\"b "b\\"c" 'b\\'`, 'a; b"', 'a | b"', 'echo $X"', 'echo $$X "$$Y"', ''])(
  '%s can be divided',
  (text) => {
    expect(isCommandForm(text)).toBe(true);
  },
);

test.each(['echo "a', "it's", 'a\\', 'a "b\\" c', 'a # "b', 'echo $$X "a', '"a; b'])(
  '%s cannot be divided',
  (text) => {
    expect(isCommandForm(text)).toBe(false);
  },
);
