import { expect, test } from 'vitest';
import { errorCatalogue, isErrorCode } from './catalogue.ts';
import { fromErrorBody, PlayhouseError, toErrorBody } from './playhouse-error.ts';

const problem = {
  code: 'manifest-unknown-field',
  file: 'm.yaml',
  line: 1,
  column: 2,
  path: 'kind',
  message: 'No.',
  hint: 'Yes.',
} as const;

test('fills message and hint with what the thrower knows', () => {
  const error = new PlayhouseError('source-unknown', { source: 'gentoo', known: 'debian-12' });
  expect(error).toMatchObject({
    code: 'source-unknown',
    status: 422,
    message: 'There is no source called `gentoo`.',
  });
  expect(error.hint).toContain('debian-12');
});

test('a value that looks like a placeholder is not filled again', () => {
  expect(new PlayhouseError('source-unknown', { source: '{known}', known: 'x' }).message).toContain(
    '`{known}`',
  );
});

test('what the thrower does not know is called by its name', () => {
  expect(new PlayhouseError('source-unknown').message).toBe('There is no source called `source`.');
});

test('an error travels word for word', () => {
  const error = new PlayhouseError('disk-full', { path: '/x' }, { problems: [problem] });
  const arrived = fromErrorBody(toErrorBody(error));
  expect(arrived).toMatchObject({
    code: 'disk-full',
    message: error.message,
    hint: error.hint,
    problems: [problem],
  });
});

test('anything else that was thrown is an internal error', () => {
  expect(toErrorBody(new TypeError('x is undefined'))).toMatchObject({ code: 'internal-error' });
  expect(toErrorBody('text')).toMatchObject({ code: 'internal-error' });
});

test('a code of a later version keeps its words', () => {
  const error = fromErrorBody({ code: 'from-the-future', message: 'New.', hint: 'Newer.' });
  expect(error).toMatchObject({ code: 'internal-error', message: 'New.', hint: 'Newer.' });
});

test.each(Object.entries(errorCatalogue))(
  '%s has a status, a message, and says how to mend it',
  (code, definition) => {
    const { status, message, hint } = definition;
    expect(isErrorCode(code)).toBe(true);
    // What is only a note on the manifest is no error of the request.
    expect(status === 200 ? code : status).toSatisfy(
      (value) =>
        /^(manifest-(ignored|machine-type|field-moved|scaled|stand-in)|compose-(warned|label-idle|interpolation|literal-template|idle|nothing-beside|volume-renamed|volume-left|checkout-left|volumes-end))$/.test(
          String(value),
        ) || Number(value) >= 400,
    );
    expect(message).toMatch(/\S{2}/);
    expect(hint).toMatch(/[.}]$/);
  },
);

test('what every object has is not a code', () => {
  expect(isErrorCode('toString')).toBe(false);
});
