/** Where the project's own files lie. This file sits one folder below the root, in source and in `dist/` alike. */
import { fileURLToPath } from 'node:url';

/** The project's folder, with a trailing slash. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));
