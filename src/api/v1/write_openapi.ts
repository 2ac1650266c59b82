// Writes docs/openapi.json: `node src/api/v1/write_openapi.ts`.
import { writeFile } from 'node:fs/promises';
import { openApiFile, openApiText } from './openapi_file.ts';

await writeFile(openApiFile, openApiText());
