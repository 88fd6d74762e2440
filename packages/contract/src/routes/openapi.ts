// The route table as an OpenAPI 3.1 document, whose schemas are JSON Schema 2020-12 as zod writes it. Pure: the server
// serves it, docs/openapi.json is a copy of it.
import { z } from 'zod';
import { accessTokenSchema } from '../access-token.ts';
import { apiErrorSchema, errorBodySchema, problemSchema } from '../error-body.ts';
import { type ErrorCode, errorCatalogue } from '../errors/catalogue.ts';
import { kernelSchema } from '../kernel.ts';
import { consoleChunkSchema, journalChunkSchema, sshAccessSchema } from '../link/question.ts';
import { machineSchema } from '../machine.ts';
import { operationSchema, stepSchema } from '../operation.ts';
import { playgroundSchema } from '../playground.ts';
import { playroomSchema } from '../playroom.ts';
import { playspecSchema } from '../playspec.ts';
import { layerSchema, snapshotSchema } from '../snapshot.ts';
import { sourceSchema } from '../source.ts';
import { userSchema } from '../user.ts';
import { accessRules, tokenNeed } from './access-rule.ts';
import type { Route } from './route.ts';
import { routeTable } from './route-table.ts';

type Json = Record<string, unknown>;

/** Nouns that are described once and referred to. */
const components = {
  Playground: playgroundSchema,
  Machine: machineSchema,
  Operation: operationSchema,
  Step: stepSchema,
  Playspec: playspecSchema,
  Snapshot: snapshotSchema,
  Layer: layerSchema,
  Source: sourceSchema,
  Kernel: kernelSchema,
  Playroom: playroomSchema,
  User: userSchema,
  AccessToken: accessTokenSchema,
  ConsoleChunk: consoleChunkSchema,
  JournalChunk: journalChunkSchema,
  SshAccess: sshAccessSchema,
  Problem: problemSchema,
  ErrorBody: errorBodySchema,
  ApiError: apiErrorSchema,
} as const;

/** The codes that every route can answer with, beside its own. */
const commonErrors = ['request-invalid', 'internal-error'] as const;

/** The OpenAPI document of this version of the API. */
export function createOpenApiDocument(version: string): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(components)) registry.add(schema, { id });
  for (const [name, route] of Object.entries(routeTable))
    registry.add(route.response, { id: `response:${name}` });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}`, override: tidy });
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries<Route>(routeTable)) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: describeRoute(name, route, plain(schemas[`response:${name}`])),
    };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Playhouse API', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries(Object.keys(components).map((id) => [id, plain(schemas[id])])),
    },
  };
}

function describeRoute(name: string, route: Route, response: Json): Json {
  return {
    operationId: name,
    summary: route.summary,
    tags: [name.split('.')[0]],
    description: `Access: ${accessRules[route.access]}.`,
    security: { none: [], optional: [{}, { token: [] }], required: [{ token: [] }] }[tokenNeed(route.access)],
    parameters: [
      ...describeParameters('path', route.parameters),
      ...describeParameters('query', route.query),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: toInputSchema(route.body) } },
          },
        }),
    responses: {
      [route.status]: {
        description: route.status === 202 ? 'Accepted; follow the operation' : 'Success',
        content: { 'application/json': { schema: response } },
      },
      ...describeErrors(route),
    },
  };
}

function describeParameters(place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toInputSchema(schema) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function describeErrors(route: Route): Record<string, Json> {
  const access = accessErrors(route);
  const size = route.body === undefined ? [] : (['request-too-large'] as const);
  const byStatus = Map.groupBy(
    [...route.errors, ...access, ...size, ...commonErrors],
    (code) => errorCatalogue[code].status,
  );
  const schema = { $ref: '#/components/schemas/ApiError' };
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: { 'application/json': { schema } },
      },
    ]),
  );
}

function accessErrors({ access }: Route): readonly ErrorCode[] {
  const need = tokenNeed(access);
  return [
    ...(need === 'required' ? (['token-missing'] as const) : []),
    ...(need === 'none' ? [] : (['token-invalid', 'token-expired'] as const)),
    ...(access === 'admin' || access.startsWith('playspec.') ? (['forbidden'] as const) : []),
  ];
}

function toInputSchema(schema: z.ZodType): Json {
  return plain(z.toJSONSchema(schema, { io: 'input', override: ({ jsonSchema }) => dropNoise(jsonSchema) }));
}

/** Responses may gain fields in a later version; a client must not be told that there are none. */
function tidy({ jsonSchema }: { readonly jsonSchema: Json }): void {
  if (jsonSchema['additionalProperties'] === false) delete jsonSchema['additionalProperties'];
  dropNoise(jsonSchema);
}

/** What the format or the type says already. */
function dropNoise(schema: Json): void {
  if (schema['format'] === 'date-time') delete schema['pattern'];
  if (schema['format'] === 'ipv4') delete schema['pattern'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}

function plain(schema: unknown): Json {
  const { $schema: _schema, $id: _id, id: _name, '~standard': _standard, ...rest } = (schema ?? {}) as Json;
  return rest;
}
