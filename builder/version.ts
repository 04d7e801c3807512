/** Letterbox's own version, from package.json (esbuild puts it into the bundle). */
import packageJson from '../package.json' with { type: 'json' };

export const version: string = packageJson.version;
