import type { ErrorDefinition } from './error-definition.ts';

/** Errors of sources: baking, registries, images. */
export const sourceErrors = {
  'source-unknown': {
    status: 422,
    message: 'There is no source called `{source}`.',
    hint: 'Use one of: {known}. Run `playhouse source list` to see them.',
  },
  'source-not-baked': {
    status: 409,
    message: 'The source `{source}` is not on this playroom yet.',
    hint: 'Run `playhouse source bake {source}`, or `playhouse source pull` for an `oci://` reference.',
  },
  'source-corrupt': {
    status: 500,
    message: 'The base layer of source `{source}` is damaged: {detail}.',
    hint: 'Make it anew with `playhouse source bake {source}` (`playhouse source pull {source}` for an `oci://` one); running playgrounds keep the layer they started from.',
  },
  'source-in-use': {
    status: 409,
    message: 'The source `{source}` is used by {users}.',
    hint: 'Destroy the playgrounds that use it first (`playhouse playground destroy NAME`).',
  },
  'source-stand-in': {
    status: 409,
    message: '`{source}` is not a source of its own here: `{instead}` stands in for it.',
    hint: 'Name `{instead}` itself, or change `engine.sourceStandIns` in the configuration.',
  },
  'bake-failed': {
    status: 500,
    message: 'Baking `{source}` failed while {step}: {detail}',
    hint: 'Check that Debian’s packages can be reached (`apt-get update`), then run `playhouse source bake {source}` again. Nothing was left behind.',
  },
  'reference-invalid': {
    status: 422,
    message: '`{value}` is no reference to an image.',
    hint: 'Write `oci://REGISTRY/NAME:TAG` or `oci://REGISTRY/NAME@sha256:DIGEST`, with lower-case names and a digest of 64 digits.',
  },
  'registry-unreachable': {
    status: 502,
    message: 'The registry `{registry}` cannot be reached: {detail}',
    hint: 'Check its name and port and the network of this host. A registry without TLS must be on this host or be named in `engine.insecureRegistries`.',
  },
  'registry-unauthorized': {
    status: 403,
    message: 'The registry `{registry}` refuses access to {what}: {detail}',
    hint: 'Log in with an account that may read it: `playhouse registry login {registry} --username NAME`.',
  },
  'registry-unknown': {
    status: 404,
    message: 'This playroom is not logged in to a registry `{registry}`.',
    hint: 'Run `playhouse registry list` to see the registries it knows.',
  },
  'registry-failed': {
    status: 502,
    message: 'The registry `{registry}` did not give the image: {detail}',
    hint: 'Try again with `playhouse source pull`; if it stays so, the registry’s own log says more.',
  },
  'image-unknown': {
    status: 404,
    message: 'The registry has no image `{source}`.',
    hint: 'Check name and tag. Some registries answer so too when an account may not see the image: `playhouse registry login`.',
  },
  'image-digest-wrong': {
    status: 502,
    message: 'The image `{source}` does not match its digest: {detail}',
    hint: 'Compare the digest with the one its publisher names. Nothing of the image was used.',
  },
  'image-unfit': {
    status: 422,
    message: 'The image `{source}` cannot be a machine: {detail}',
    hint: 'A machine needs a Linux image for amd64 with an init, a user root and, to be reached, sshd on port 22.',
  },
  'image-layer-refused': {
    status: 422,
    message: 'Layer {layer} of the image `{source}` is refused: entry `{entry}` {reason}.',
    hint: 'Build the image without that entry (leave `/dev` out of archives of whole systems). Nothing of it was unpacked.',
  },
  'image-too-large': {
    status: 422,
    message: 'Unpacked, the image `{source}` is larger than this playroom takes: more than {limit}.',
    hint: 'Use a smaller image, or raise `engine.imageLimitGiB` in the configuration.',
  },
  'image-user-unknown': {
    status: 422,
    message: 'Machine {machine} wants the user `{user}`, whom its image `{source}` does not have.',
    hint: 'Name users of the image in `users`: it has {known}.',
  },
} as const satisfies Record<string, ErrorDefinition>;
