// Writes docs/configuration.md from the configuration's schema. `--check` writes nothing and fails when the file is not up
// to date.
import { z } from 'zod';
import {
  configurationSchema,
  defaultConfigurationFile,
  environmentName,
  settingPaths,
} from '../packages/contract/src/configuration.ts';
import { generatedNote, writeGenerated } from './generate/write-generated.ts';

interface Setting {
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
}

const script = 'generate-configuration-docs';
const schema = z.toJSONSchema(configurationSchema, { io: 'output' }) as Setting;

const rows = settingPaths().map((path) => {
  const setting = path.reduce<Setting>((inner, key) => inner.properties?.[key] ?? {}, schema);
  const choices =
    setting.enum === undefined
      ? ''
      : ` One of ${setting.enum.map((value) => `\`${String(value)}\``).join(', ')}.`;
  const standard = setting.default === '' ? 'empty' : `\`${String(setting.default)}\``;
  const about = (setting.description ?? '').replace(/\.$/, '');
  return `| \`${path.join('.')}\` | \`${environmentName(path)}\` | ${standard} | ${about}.${choices} |`;
});

const document = `${generatedNote(script, 'packages/contract/src/configuration.ts')}
# Configuration

Server, engine and command line read one YAML file, \`${defaultConfigurationFile}\`, or the one that \`PLAYHOUSE_CONFIG\` names. No
file means that everything has its default. A variable overrides its setting in the file. A setting that is unknown or out of
its bounds is refused; all of them are told at once. Restart the services after a change: \`sudo playhouse up\` does.

    # ${defaultConfigurationFile}
    server:
      port: 7800
    engine:
      memoryBudgetMiB: 8192

| setting | variable | default | meaning |
|---|---|---|---|
${rows.join('\n')}

The command line also reads \`PLAYHOUSE_ENDPOINT\` (address of the server) and \`PLAYHOUSE_TOKEN\` or \`PLAYHOUSE_TOKEN_FILE\` (access
token).
`;

writeGenerated(script, { 'docs/configuration.md': document });
