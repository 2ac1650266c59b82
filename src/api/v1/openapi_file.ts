// The OpenAPI document as the file that is kept in the repository.
import { openApiDocument } from './openapi.ts';

export const openApiFile = new URL('../../../docs/openapi.json', import.meta.url);

/** What the file holds when it is current. */
export function openApiText(): string {
  return `${JSON.stringify(openApiDocument(), null, 2)}\n`;
}
