// Writes docs/errors.md from the error catalogue. `--check` writes nothing and fails when the file is not up to date.
import type { ErrorDefinition } from '../packages/contract/src/errors/error-definition.ts';
import { accountErrors } from '../packages/contract/src/errors/account-errors.ts';
import { composeErrors } from '../packages/contract/src/errors/compose-errors.ts';
import { credentialErrors } from '../packages/contract/src/errors/credential-errors.ts';
import { errorCatalogue } from '../packages/contract/src/errors/catalogue.ts';
import { engineErrors } from '../packages/contract/src/errors/engine-errors.ts';
import { hostErrors } from '../packages/contract/src/errors/host-errors.ts';
import { manifestErrors } from '../packages/contract/src/errors/manifest-errors.ts';
import { playspecErrors } from '../packages/contract/src/errors/playspec-errors.ts';
import { serverErrors } from '../packages/contract/src/errors/server-errors.ts';
import { serviceErrors } from '../packages/contract/src/errors/service-errors.ts';
import { snapshotErrors } from '../packages/contract/src/errors/snapshot-errors.ts';
import { sourceErrors } from '../packages/contract/src/errors/source-errors.ts';
import { vaultErrors } from '../packages/contract/src/errors/vault-errors.ts';
import { generatedNote, writeGenerated } from './generate/write-generated.ts';

const script = 'generate-error-docs';

const sections: readonly (readonly [
  title: string,
  about: string,
  errors: Readonly<Record<string, ErrorDefinition>>,
])[] = [
  ['Control plane', 'Access, unknown things, state and capacity.', serverErrors],
  ['Accounts', 'Users and their tokens.', accountErrors],
  ['Catalog', 'Playspecs and their versions.', playspecErrors],
  ['Services', 'Playgrounds of Compose services, and their addresses.', serviceErrors],
  ['Credentials', 'What opens private repositories and registries.', credentialErrors],
  ['Snapshots', 'Snapshots, layers and forks.', snapshotErrors],
  ['Vault', 'Where snapshots are kept besides the playroom.', vaultErrors],
  ['Sources', 'Images, where they come from, and registries.', sourceErrors],
  ['Playroom', 'Kernels, machines and networks.', engineErrors],
  ['Installation', 'The command line, the configuration and the host.', hostErrors],
  [
    'Manifest',
    'All but `manifest-invalid`, their envelope, come as located problems: `file:line:column path: message hint`.',
    manifestErrors,
  ],
  [
    'Compose file',
    'Located problems too. Compose files are manifests: faults of their YAML and shape are among those above.',
    composeErrors,
  ],
];

const described = new Set(sections.flatMap(([, , errors]) => Object.keys(errors)));
const missing = Object.keys(errorCatalogue).filter((code) => !described.has(code));
if (missing.length > 0) throw new Error(`no section has ${missing.join(', ')}`);

const document = `${generatedNote(script, 'the error catalogue in packages/contract/src/errors')}
# Errors

Every error that a user can meet has a code, which is never reused or renamed: programs match on it. The API answers with
the HTTP status and \`{"error": {"code", "message", "hint", "problems"?}}\`; operations and the command line carry the same
body. \`{words}\` in braces are filled in.

${sections.map(([title, about, errors]) => `## ${title}\n\n${about}\n\n${Object.entries(errors).map(describe).join('\n')}`).join('\n')}`;

writeGenerated(script, { 'docs/errors.md': document });

function describe([code, { status, message, hint }]: readonly [string, ErrorDefinition]): string {
  return `### ${code}\n\nHTTP ${status}. ${message}\n\n*How to mend it:* ${hint}\n`;
}
