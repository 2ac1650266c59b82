// Writes the facts of the vendor's document: `node src/api/esimgo/spec/write_spec.ts DOCUMENT.json`.
import { readFile, writeFile } from 'node:fs/promises';
import { writeFacts } from '../../http/vendor_document/write_facts.ts';
import { readFacts } from './facts.ts';
import { specFile } from './spec_file.ts';

const [document = ''] = process.argv.slice(2);
await writeFile(specFile, writeFacts(readFacts(await readFile(document, 'utf8'))));
