/** Program: prints docs/api.md. */
import { apiDocs } from './docs.ts';

process.stdout.write(apiDocs());
