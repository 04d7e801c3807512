/** Letterbox's own version, and the Node.js that it wants: from package.json (esbuild puts it into the bundle). */
import packageJson from '../package.json' with { type: 'json' };

export const version: string = packageJson.version;

/** The oldest one: major and minor. */
export const oldestNode: string = packageJson.engines.node.replace('>=', '');
