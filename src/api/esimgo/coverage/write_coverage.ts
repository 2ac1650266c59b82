// Writes docs/compat/esimgo.md: `node src/api/esimgo/coverage/write_coverage.ts`.
import { writePage } from '../../http/vendor_document/page.ts';
import { coverageFile, coverageText } from './coverage_file.ts';

await writePage(coverageFile, coverageText());
