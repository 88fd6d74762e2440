/** A small page of HTML that says why there is nothing to see. Nothing in `title` and `text` is taken for HTML. */
export function page(title: string, text: string): string {
  const paragraphs = text
    .split('\n\n')
    .map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>')}</p>`)
    .join('');
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escapeHtml(title)}</title><style>${style}</style></head>` +
    `<body><main><h1>${escapeHtml(title)}</h1>${paragraphs}<footer>Playhouse</footer></main></body></html>`
  );
}

const style =
  'body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f5f2;color:#22201c;' +
  'font:17px/1.55 system-ui,sans-serif}main{max-width:38rem;padding:2rem}h1{font-size:1.5rem;margin:0 0 .75rem}' +
  'p{margin:.5rem 0;overflow-wrap:anywhere}footer{margin-top:2rem;color:#8a8579;font-size:.85rem}' +
  '@media (prefers-color-scheme:dark){body{background:#1b1a18;color:#ebe8e1}}';

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
