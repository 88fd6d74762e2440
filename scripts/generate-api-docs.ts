// Writes docs/openapi.json and docs/api.md from the route table. `--check` writes nothing and fails when a file is not up to
// date.
import { readFileSync } from 'node:fs';
import { createOpenApiDocument } from '../packages/contract/src/routes/openapi.ts';
import { eventsPath, execPath, tunnelPath } from '../packages/contract/src/routes/web-socket-paths.ts';
import { generatedNote, writeGenerated } from './generate/write-generated.ts';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly additionalProperties?: unknown;
}

interface Content {
  readonly description?: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Call {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly security: readonly unknown[];
  readonly parameters: readonly {
    name: string;
    in: string;
    required: boolean;
    description?: string;
    schema: Schema;
  }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Call>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const script = 'generate-api-docs';
const packageFile = new URL('../packages/server/package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const openApi = createOpenApiDocument(version);

writeGenerated(script, {
  'docs/openapi.json': `${JSON.stringify(openApi, null, 2)}\n`,
  'docs/api.md': manual(openApi as unknown as Document),
});

function manual({ paths, components }: Document): string {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, call]) => ({ method: method.toUpperCase(), path, call })),
  );
  const groups = Map.groupBy(calls, ({ call }) => call.tags[0] ?? '');
  const chapters = [...groups].map(
    ([tag, members]) =>
      `## ${tag}\n\n${members.map((member) => describeCall(member.method, member.path, member.call)).join('\n')}`,
  );
  const nouns = Object.entries(components.schemas).map(([name, schema]) => describeNoun(name, schema));
  return `${generatedNote(script, 'the route table in packages/contract/src/routes')}
# The API

JSON over HTTP; [openapi.json](openapi.json) is the same as an OpenAPI 3.1 document, and a server shows its own at
\`GET /api/openapi.json\`. Every request but the public ones carries \`Authorization: Bearer TOKEN\`; each
route says who may call it, and what a caller may not list is answered as if it were not there. Work that takes long is
answered at once with an operation (202), which can be read, followed and cancelled. Errors are
\`{"error": {"code", "message", "hint", "problems"?}}\` with a code of [errors.md](errors.md). A body may have 2 MiB.

    curl -H "Authorization: Bearer $(sudo cat /var/lib/playhouse/server/admin-token)" http://127.0.0.1:7700/api/playgrounds

${chapters.join('\n')}
## WebSockets

A browser, which cannot set headers here, may send the token as \`?token=\`; pages of other origins are refused. A refusal is an
ordinary HTTP response before the upgrade.

### ${code(eventsPath)}

Events as JSON text frames, each with the whole entity as it is after the change: \`{"sequence", "at", "kind": "operation",
"operation"}\`, \`{… "kind": "playground", "playground"}\`, \`{… "kind": "log", "operationId", "lines"}\`, \`{… "kind": "engine",
"connected"}\`. With \`?operation=ID\` only what concerns that operation, and its current state as the first frame; else the first
frame is whether the engine is connected. A reader that falls 4 MiB behind is closed; it connects again and misses nothing
that still matters.

### ${code(tunnelPath.replaceAll(/:(\w+)/g, '{$1}'))}

\`?port=22\`: one TCP connection to a port of a running machine, as binary frames. \`tunnel-failed\` (502) when nothing answers
there.

### ${code(execPath.replaceAll(/:(\w+)/g, '{$1}'))}

\`?command=["ls","-l"]&user=NAME&terminal=true&columns=80&rows=24\`: a command in the container of a service, a shell without
\`command\`; as binary frames, whose first byte says what the rest is. From the client: 0 input, 3 the end of the input, 4 a new size of the
terminal, \`{"columns", "rows"}\`. From the container: 1 its output, 2 its other output (with a terminal there is one), 5 its end, \`{"status"}\`.
A WebSocket that closes ends the command; one that is closed with 1011 says why the command could not be run.

## Nouns

${nouns.join('\n')}`;
}

function describeCall(method: string, path: string, call: Call): string {
  const inputs = call.parameters.map(({ name, in: place, required, description = '', schema }) =>
    row(name, place, required, schema, description),
  );
  const body = Object.values(call.requestBody?.content ?? {})[0]?.schema;
  const fields = Object.entries(body?.properties ?? {}).map(([name, field]) =>
    row(name, 'body', body?.required?.includes(name) === true, field, field.description ?? ''),
  );
  const table = [...inputs, ...fields];
  const status = Object.keys(call.responses).find((code) => code.startsWith('2')) ?? '200';
  const answer = Object.values(call.responses[status]?.content ?? {})[0]?.schema ?? {};
  const errors = Object.entries(call.responses)
    .filter(([other]) => other !== status)
    .map(([other, { description = '' }]) => `${description} (${other})`);
  return (
    [
      `### ${code(`${method} ${path}`)}`,
      `${call.summary}. ${call.description}`,
      ...(table.length === 0
        ? []
        : [`| input | in | type | meaning |\n|---|---|---|---|\n${table.join('\n')}`]),
      `Answers ${status}: ${typeOf(answer)}`,
      `Errors: ${errors.join(', ')}`,
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

function row(name: string, place: string, required: boolean, schema: Schema, about: string): string {
  const standard = schema.default === undefined ? [] : [`default: ${code(JSON.stringify(schema.default))}`];
  const meaning = [about, ...standard].filter((text) => text !== '').join('; ');
  return `| ${code(name)}${required ? ' **(needed)**' : ''} | ${place} | ${typeOf(schema)} | ${meaning} |`;
}

function describeNoun(name: string, schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([field, about]) => {
    const optional = schema.required?.includes(field) === true ? '' : ' (may be absent)';
    return `| ${code(field)} | ${typeOf(about)}${optional} | ${about.description ?? ''} |`;
  });
  return `### ${name}\n\n${schema.description ?? ''}\n\n| field | type | meaning |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1) ?? '';
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum !== undefined) return schema.enum.map((value) => code(value)).join(', ');
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(
      ([name, field]) => `${code(name)}: ${typeOf(field)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }
  return [schema.type ?? 'any'].flat().join(' or ');
}

function code(text: string): string {
  return `\`${text}\``;
}
