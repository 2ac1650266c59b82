// Reduces an OpenAPI 3.0 document to facts: no prose and no examples, and its schemas as JSON Schema.
import { parse } from 'yaml';
import { readOperations } from '../../http/vendor_document/operations.ts';
import { type Json, mapValues, readSchema } from '../../http/vendor_document/schema.ts';
import type { Operation, Spec } from './spec.ts';

/** The facts of a document, given as YAML. */
export function readFacts(yaml: string): Spec {
  const document: Document = parse(yaml);
  return {
    operations: readOperations(document.paths, methods, readOperation),
    $defs: mapValues(document.components.schemas, readSchema),
  };
}

type Document = {
  paths: Record<string, Partial<Record<(typeof methods)[number], DocumentOperation>>>;
  components: { schemas: Record<string, Json> };
};

type DocumentOperation = {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
};

const methods = ['get', 'post', 'delete'] as const;

function readOperation(path: string, method: string, operation: DocumentOperation): Operation {
  const parameters = (operation.parameters ?? []).filter((each) => each.in === 'query');
  const form = operation.requestBody?.content['application/x-www-form-urlencoded']?.schema ?? {};
  return {
    operationId: operation.operationId,
    method: method.toUpperCase() as Operation['method'],
    path: path.replace(/^\/v1/, ''),
    query: Object.fromEntries(parameters.map(({ name, schema }) => [name, readSchema(schema)])),
    form: mapValues((form['properties'] ?? {}) as Record<string, Json>, readSchema),
    required: [
      ...parameters.filter((each) => each.required).map((each) => each.name),
      ...((form['required'] ?? []) as string[]),
    ],
    responses: mapValues(operation.responses, ({ content }) => {
      const schema = content?.['application/json']?.schema;
      return schema ? readSchema(schema) : null;
    }),
  };
}
