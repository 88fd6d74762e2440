import type { ErrorDefinition } from './error-definition.ts';

/** What a manifest says of itself when it is published, and notes on what has no effect. */
export const manifestPublicationErrors = {
  'manifest-two-access-rules': {
    status: 422,
    message: 'Both `access` and `accessControl` say who may use the playground.',
    hint: 'Remove `access`; it is the older form.',
  },
  'manifest-other-name': {
    status: 422,
    message: 'The manifest calls itself `{written}`, but the playspec is `{name}`.',
    hint: 'Write `name: {name}`, or remove the line.',
  },
  'manifest-no-title': {
    status: 422,
    message: 'A playground that is published needs a title.',
    hint: 'Add `title: …` with 5 to 120 characters at the top.',
  },
  'manifest-unsupported': {
    status: 422,
    message: '`{field}` cannot be run yet by this version: {reason}.',
    hint: '{advice}',
  },
  'manifest-scaled': {
    status: 200,
    message: 'Machine {machine} gets {given} instead of {asked}: this server allows no more.',
    hint: 'Nothing needs to be done; the administrator sets `limits` in the configuration (docs/configuration.md).',
  },
  'manifest-stand-in': {
    status: 200,
    message: 'There is no `{source}` here: machine {machine} gets `{instead}` in its place.',
    hint: 'Check that its scripts work there. The administrator sets `engine.sourceStandIns` in the configuration (docs/sources.md).',
  },
  'manifest-ignored': {
    status: 200,
    message: '`{field}` is accepted and has no effect: {reason}.',
    hint: 'Nothing needs to be done.',
  },
  'manifest-machine-type': {
    status: 200,
    message:
      'Machine `{machine}` has {count} devices and a microvm has room for {room}, so it runs as `{type}`, with a PCI bus.',
    hint: 'Nothing needs to be done: names of devices are the same, it only boots a little later.',
  },
} as const satisfies Record<string, ErrorDefinition>;
