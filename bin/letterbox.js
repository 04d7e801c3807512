#!/usr/bin/env node
// The `letterbox` command: runs the bundle that `npm install` (or `npm run build`) made.
import '../dist/letterbox.js';
