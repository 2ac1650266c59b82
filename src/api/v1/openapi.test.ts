import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { openApiDocument } from './openapi.ts';
import { openApiFile, openApiText } from './openapi_file.ts';
import { routes } from './routes.ts';

test('docs/openapi.json is current: run `npm run openapi`', async () => {
  assert.equal(await readFile(openApiFile, 'utf8'), openApiText());
});

test('every reference in the document leads somewhere', () => {
  const document = openApiDocument();
  const schemas = new Set(Object.keys(document.components.schemas));
  for (const [, id] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g))
    assert.ok(schemas.has(id!), id);
});

test('every parameter in a path is described, and every operation has its own id', () => {
  for (const { path, params } of routes) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    assert.deepEqual(Object.keys(params?.shape ?? {}), inPath);
  }
  assert.equal(new Set(routes.map((each) => each.operationId)).size, routes.length);
});

test('requests refuse unknown members, answers may grow', () => {
  const { schemas } = openApiDocument().components as {
    schemas: Record<string, { additionalProperties?: boolean }>;
  };
  assert.equal(schemas['PlaceOrder']?.additionalProperties, false);
  assert.equal(schemas['Order']?.additionalProperties, undefined);
});
