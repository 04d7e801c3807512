/** What stands at `/admin/` until the pages of the panel do. */
import type { Response } from './respond.ts';

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Control panel</title>
</head>
<body>
<main>
<h1>Control panel</h1>
<p>Programs manage this box here. <a href="openapi.json">openapi.json</a> describes how.</p>
</main>
</body>
</html>
`;

export const page = (): Response => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: html,
});
