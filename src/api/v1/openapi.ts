// The OpenAPI 3.1 document, made from the same tables that the server is made from.
import { z } from 'zod';
import { present } from '../../base/assert.ts';
import { type ErrorCode, errorCodes } from '../../base/error_codes.ts';
import { problemMediaType, problemPage, problemStatuses } from './problem.ts';
import type { Route } from './route.ts';
import { sections } from './routes.ts';
import { components, problem } from './schemas.ts';

/** The whole document, the same for every run. */
export function openApiDocument() {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Overair API',
      version: '1',
      summary: 'Order eSIMs, hand them out, and run their lines.',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/v1' }],
    security: [{ apiKey: [] }],
    tags: sections.map(({ name, description }) => ({ name, description })),
    paths: writePaths(),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer ovr_…`.' },
      },
      schemas: writeSchemas(),
    },
  };
}

const introduction = `JSON over HTTPS. Amounts are decimal text with a currency, times are ISO 8601 in UTC.

**Errors** are problem details (RFC 9457, \`${problemMediaType}\`): decide by \`code\`; \`fields\` names what is at fault; \`type\` is a page about the code.

**Repeating safely**: give an \`Idempotency-Key\`. The same key with the same request has one effect and one answer; with another request it is refused.

**Lists** are pages: give \`nextCursor\` as \`cursor\` until it is null.

**Being told**: webhooks, the event feed and its stream tell the same events; each comes at least once, in order for each resource.

**Subaccounts**: a key of the parent acts for one, or for the account's own sandbox, with the header \`Overair-Account\`.

**Time**: a sandbox's clock can be moved (\`POST /v1/clock\`); all times of an account are those of its clock.

**Tracing**: \`X-Request-Id\` is taken from you or made, answered, and kept with every event that follows.`;

type Json = Record<string, unknown>;

function writePaths(): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const { name, routes } of sections)
    for (const route of routes)
      paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: writeOperation(route, name) };
  return paths;
}

function writeOperation(route: Route, tag: string): Json {
  return {
    operationId: route.operationId,
    summary: route.summary,
    description: [route.description, `Scope: \`${route.scope}\`.`].filter(Boolean).join('\n\n'),
    tags: [tag],
    parameters: writeParameters(route),
    ...(route.body && {
      requestBody: {
        required: true,
        content: Object.fromEntries(
          [route.bodyMediaType ?? 'application/json']
            .flat()
            .map((type) => [type, { schema: refOf(present(route.body, 'a body')) }]),
        ),
      },
    }),
    responses: { [route.response.status]: writeSuccess(route), ...writeFailures(route) },
  };
}

function writeParameters(route: Route): Json[] {
  const inPath = route.params ? membersOf(route.params).map((each) => ({ in: 'path', ...each })) : [];
  const inQuery = route.query ? membersOf(route.query).map((each) => ({ in: 'query', ...each })) : [];
  const key = {
    in: 'header',
    name: 'Idempotency-Key',
    description: 'Makes repeating this request safe. 1 to 255 printable ASCII characters.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  return [...inPath, ...inQuery, ...(route.idempotent ? [key] : []), actFor];
}

const actFor = {
  in: 'header',
  name: 'Overair-Account',
  description: 'Act for this subaccount of the account of the API key.',
  schema: { type: 'string', pattern: '^acc_[0-9a-f]{32}$' },
};

/** Each member of an object schema as a parameter; its description stands beside its schema. */
function membersOf(schema: z.ZodObject): Json[] {
  const { properties = {}, required = [] } = toJsonSchema(schema);
  return Object.entries(properties as Record<string, Json>).map(([name, { description, ...member }]) => ({
    name,
    ...((required as string[]).includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    schema: member,
  }));
}

function writeSuccess({ response }: Route): Json {
  const { description, schema, mediaType = 'application/json', headers } = response;
  const body = schema === undefined ? {} : { schema: refOf(schema) };
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, words]) => [
          name,
          { description: words, schema: { type: 'string' } },
        ]),
      ),
    }),
    content: { [mediaType]: body },
  };
}

/** Every code it may answer, by status. */
function writeFailures(route: Route): Record<string, Json> {
  const codes = new Set<ErrorCode>([...route.errors, ...commonErrors(route)]);
  const byStatus = Map.groupBy(codes, (code) => problemStatuses[code]);
  return Object.fromEntries(
    [...byStatus].sort(([a], [b]) => a - b).map(([status, same]) => [status, writeFailure(same)]),
  );
}

function commonErrors({ body, query, idempotent }: Route): ErrorCode[] {
  return [
    'unauthenticated',
    'forbidden',
    'not_found',
    'unavailable',
    'internal',
    ...(body || query || idempotent ? (['invalid_request'] as const) : []),
    ...(body ? (['malformed_json', 'body_too_large', 'unsupported_media_type'] as const) : []),
  ];
}

function writeFailure(codes: readonly ErrorCode[]): Json {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorCodes[code]}`).join('\n\n'),
    content: {
      [problemMediaType]: {
        schema: refOf(problem),
        examples: Object.fromEntries(codes.map((code) => [code, { value: writeExample(code) }])),
      },
    },
  };
}

function writeExample(code: ErrorCode): Json {
  return {
    type: problemPage(code),
    title: errorCodes[code],
    status: problemStatuses[code],
    code,
    detail: errorCodes[code],
    requestId: 'req_0193c1a7b2c47d3e8f901a2b3c4d5e6f',
  };
}

function refOf(schema: z.ZodType): Json {
  const { id } = present(components.get(schema), 'bodies and answers are named schemas');
  return { $ref: refTo(id) };
}

function refTo(id: string): string {
  return `#/components/schemas/${id}`;
}

function writeSchemas(): Record<string, unknown> {
  const { schemas } = z.toJSONSchema(components, { uri: refTo, io: 'input', override: tidy });
  const inOrder = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(inOrder.map(([id, { $schema, $id, ...schema }]) => [id, schema]));
}

function toJsonSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', override: tidy });
}

/** A date-time is said by its format; the pattern of leap years helps nobody. */
function tidy({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }): void {
  if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uri') delete jsonSchema.pattern;
}
