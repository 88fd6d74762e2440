import type { ErrorDefinition } from './error-definition.ts';

/** The text of a manifest and its fields. */
export const manifestTextErrors = {
  'manifest-invalid': {
    status: 422,
    message: 'The manifest {file} cannot be used; problems found: {count}.',
    hint: 'Mend the places shown and try again; docs/manifest.md describes every field.',
  },
  'manifest-too-large': {
    status: 413,
    message: 'The manifest is {size} large, but {limit} is the most.',
    hint: 'Put large files into a source image or fetch them in an init task.',
  },
  'manifest-empty': {
    status: 422,
    message: 'The manifest is empty.',
    hint: 'Begin with `kind: playground`, as examples/one-machine.yaml does, or with `services:` for a Compose file.',
  },
  'manifest-syntax': {
    status: 422,
    message: 'This is not valid YAML: {detail}.',
    hint: 'Check indentation (spaces, never tabs), colons, brackets and quotes around this place.',
  },
  'manifest-too-deep': {
    status: 422,
    message: 'The manifest nests values too deeply to be read.',
    hint: 'No field of a manifest is deeper than ten levels; remove the extra brackets.',
  },
  'manifest-many-documents': {
    status: 422,
    message: 'The file holds more than one YAML document.',
    hint: 'Keep one manifest per file: remove the `---` line and what follows it.',
  },
  'manifest-duplicate-key': {
    status: 422,
    message: 'This field is written twice in the same place.',
    hint: 'Keep one of the two; a second one would silently hide the first.',
  },
  'manifest-unknown-tag': {
    status: 422,
    message: 'The tag `{tag}` is not carried out here; without it the file would say something else.',
    hint: 'Remove it. What `!reset` and `!override` of Compose would take away from another file is to be left out there.',
  },
  'manifest-alias-bomb': {
    status: 422,
    message: 'The aliases (`*name`) of this manifest unfold into far more data than it shows.',
    hint: 'Use at most {limit} aliases, and do not nest aliases inside anchors; write the values out.',
  },
  'manifest-alias-unknown': {
    status: 422,
    message: 'The alias `*{name}` has no anchor `&{name}` before it.',
    hint: '{advice}Put `&{name}` before the value that is meant, or quotes around a text that begins with `*`.',
  },
  'manifest-alias-cycle': {
    status: 422,
    message: 'The alias `*{name}` stands inside of what `&{name}` marks, so it would never end.',
    hint: 'Write the value out here, or put the anchor on another value.',
  },
  'manifest-bad-merge': {
    status: 422,
    message: '`<<` merges a map into the one around it, and this is none.',
    hint: 'Give it `*NAME` of an anchored map, a map, or a list of these; as an ordinary key it goes into quotes: `"<<"`.',
  },
  'manifest-unknown-field': {
    status: 422,
    message: 'There is no field `{field}` here.',
    hint: '{advice}',
  },
  'manifest-misplaced-field': {
    status: 422,
    message: 'There is no field `{field}` here; it belongs inside `{parent}`.',
    hint: '{advice}',
  },
  'manifest-field-moved': {
    status: 200,
    message: '`{field}` stands one level too far left; it was taken as a part of the `{parent}` above it.',
    hint: 'Indent it by two more spaces to say so.',
  },
  'manifest-missing-field': {
    status: 422,
    message: 'The field `{field}` is missing.',
    hint: 'Add `{field}: …` here. {meaning}',
  },
  'manifest-wrong-type': {
    status: 422,
    message: 'Expected {expected}, found {actual}.',
    hint: '{advice}',
  },
} as const satisfies Record<string, ErrorDefinition>;
