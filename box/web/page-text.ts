/** The first page of a domain: it says whose box this is, until its owner puts another in its place. */
export function pageText(hostname: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${hostname}</title>
<style>
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 20vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.6rem; overflow-wrap: anywhere }
</style>
</head>
<body>
<main>
<h1>${hostname}</h1>
<p>This is a mail box. Its people read and send their mail here.</p>
</main>
</body>
</html>
`;
}
