// Writes docs/compat/connect.md: `node src/api/connect/coverage/write_coverage.ts`.
import { writePage } from '../../http/vendor_document/page.ts';
import { coverageFile, coverageText } from './coverage_file.ts';

await writePage(coverageFile, coverageText());
