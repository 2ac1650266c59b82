// Reduces an OpenAPI 3.0 document to facts: no prose and no examples, and its schemas as JSON Schema.
import { readOperations } from '../../http/vendor_document/operations.ts';
import { type Json, mapValues, readSchema, type Schema } from '../../http/vendor_document/schema.ts';
import type { Operation, Spec } from './spec.ts';

/** The facts of a document, given as JSON. */
export function readFacts(json: string): Spec {
  const document: Document = JSON.parse(json);
  const { [callbackPath]: told, ...paths } = document.paths;
  return {
    operations: readOperations(paths, methods, readOperation),
    callback: bodyOf(told?.post) ?? {},
    $defs: mapValues(document.components.schemas, readSchema),
  };
}

/** Where the document describes what a client's own server is sent. */
const callbackPath = '/your-usage-callback-url/';

type Document = {
  paths: Record<string, Partial<Record<(typeof methods)[number], DocumentOperation>>>;
  components: { schemas: Record<string, Json> };
};

type DocumentOperation = {
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Json }[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
};

type Content = Record<string, { schema?: Json }>;
const methods = ['get', 'post', 'put', 'delete'] as const;

function readOperation(path: string, method: string, operation: DocumentOperation): Operation {
  const parameters = (operation.parameters ?? []).filter((each) => each.in === 'query');
  return {
    method: method.toUpperCase() as Operation['method'],
    path,
    query: Object.fromEntries(parameters.map(({ name, schema }) => [name, readSchema(schema)])),
    body: bodyOf(operation),
    // Said in the description only.
    required: parameters
      .filter((each) => each.required || each.description?.startsWith('(Required)'))
      .map((each) => each.name),
    responses: mapValues(operation.responses, ({ content = {} }) => {
      const [[type, { schema = {} }] = ['', {}]] = Object.entries(content);
      return { type, schema: readSchema(schema) };
    }),
  };
}

function bodyOf(operation: DocumentOperation | undefined): Schema | null {
  const schema = operation?.requestBody?.content['application/json']?.schema;
  return schema ? readSchema(schema) : null;
}
