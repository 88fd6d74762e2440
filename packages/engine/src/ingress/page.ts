// The pages that are shown in place of a service: plain HTML that needs nothing from elsewhere, for light and dark, for small and
// large, without scripts.
import type { Page } from './ingress-driver.ts';

/** Seconds that programs are told to wait where the page does not say. */
const usualWait = 30;

/** A page with a title, and HTML that is ours. */
export interface Html {
  readonly title: string;
  readonly body: string;
  /** Seconds after which it loads itself anew. */
  readonly again?: number;
}

/** What says why there is nothing to see. */
export function page({ title, text, said, again }: Omit<Page, 'kind' | 'status'>): string {
  const output = said === undefined ? '' : `<pre tabindex="0">${escapeHtml(said)}</pre>`;
  const note = again === undefined ? '' : `<p class="note" role="status">${noteOf(again)}</p>`;
  const body = `<h1>${escapeHtml(title)}</h1>${paragraphs(text)}${output}${note}`;
  return htmlPage({ title, body, ...(again === undefined ? {} : { again }) });
}

/** The same for programs that ask for JSON. Braces within texts are escaped, as in HTML: proxies fill in what stands between them. */
export function pageForPrograms({ status, title, text, said, again }: Omit<Page, 'kind'>): string {
  const fields = JSON.stringify({ status, title, text, said, againSeconds: again }).slice(1, -1);
  return `{${fields.replaceAll('{', String.raw`\u007b`).replaceAll('}', String.raw`\u007d`)}}\n`;
}

export function htmlPage({ title, body, again }: Html): string {
  const reload = again === undefined ? '' : `<meta http-equiv="refresh" content="${again}">`;
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">' +
    `${reload}<title>${escapeHtml(title)}</title><style>${style}</style></head>` +
    `<body><main>${body}<footer>Playhouse</footer></main></body></html>\n`
  );
}

/** Headers that go with a page. */
export function pageHeaders(status: number, again?: number): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 503 ? { 'Retry-After': String(again ?? usualWait) } : {}),
  };
}

export function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>')}</p>`)
    .join('');
}

/** Braces too: proxies fill in what stands between them. */
export function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
    '{': '&#123;',
    '}': '&#125;',
  };
  return text.replaceAll(/[&<>"'{}]/g, (character) => entities[character] ?? character);
}

function noteOf(seconds: number): string {
  return `This page looks again every ${seconds === 1 ? 'second' : `${seconds} seconds`}.`;
}

const style =
  ':root{--ground:#f6f5f2;--ink:#22201c;--faint:#6b665c;--line:#d9d5cb;--field:#fff;--act:#22201c;--on-act:#fff;--bad:#9f1d1d}' +
  '@media (prefers-color-scheme:dark){:root{--ground:#1b1a18;--ink:#ebe8e1;--faint:#a39d91;--line:#3c3a35;--field:#262522;' +
  '--act:#ebe8e1;--on-act:#1b1a18;--bad:#ff9d94}}' +
  '*{box-sizing:border-box}' +
  'body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);' +
  'font:17px/1.55 system-ui,sans-serif}' +
  'main{width:100%;max-width:40rem;padding:2rem 1.25rem}' +
  'h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem;overflow-wrap:anywhere}p{margin:.5rem 0;overflow-wrap:anywhere}' +
  'pre{margin:1rem 0;padding:.75rem 1rem;max-height:50vh;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;' +
  'font:14px/1.5 ui-monospace,monospace;background:var(--field);border:1px solid var(--line);border-radius:.4rem}' +
  '.note,footer{color:var(--faint);font-size:.9rem}footer{margin-top:2rem}.bad{color:var(--bad)}' +
  'form{margin:1.25rem 0}label{display:block;margin-bottom:.35rem;font-weight:600}' +
  'input,button{font:inherit;padding:.6rem .8rem;border-radius:.4rem;border:1px solid var(--line)}' +
  'input{width:100%;background:var(--field);color:inherit;margin-bottom:.9rem}' +
  'button{background:var(--act);color:var(--on-act);border-color:var(--act);cursor:pointer}' +
  'a{color:inherit}:focus-visible{outline:3px solid #3b82f6;outline-offset:2px}';
