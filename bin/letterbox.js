#!/usr/bin/env node
// The `letterbox` command: runs the bundle that `npm install` (or `npm run build`) made.
import * as modules from 'node:module';

// Node.js 22 and newer keep what they have compiled: a second start takes less.
modules.enableCompileCache?.();
await import('../dist/letterbox.js');
