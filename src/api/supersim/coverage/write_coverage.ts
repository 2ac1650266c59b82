// Writes docs/compat/supersim.md: `node src/api/supersim/coverage/write_coverage.ts`.
import { writePage } from '../../http/vendor_document/page.ts';
import { coverageFile, coverageText } from './coverage_file.ts';

await writePage(coverageFile, coverageText());
