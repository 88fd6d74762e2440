// Parts of Caddy’s configuration that several files put together. No text of a stranger gets into it unescaped: Caddy fills in what
// stands between braces.
import type { Page } from '../ingress-driver.ts';
import { page, pageForPrograms, pageHeaders } from '../page.ts';

export type Json = { readonly [key: string]: unknown };

/** Header of a request that came by way of another proxy of this host: whose it is, that one said. */
export const clientAsTold = { 'X-Forwarded-For': ['{http.request.header.X-Forwarded-For}'] };

/** Answers with a page; programs that ask for JSON and not for HTML get that. */
export function pageJson(shown: Omit<Page, 'kind'>): Json {
  const { status, again } = shown;
  const headers = pageHeaders(status, again);
  const program = {
    header: { Accept: ['*application/json*'] },
    not: [{ header: { Accept: ['*text/html*'] } }],
  };
  const forPrograms = { ...headers, 'Content-Type': 'application/json' };
  const routes = [
    { match: [program], handle: [answerJson(status, forPrograms, pageForPrograms(shown))], terminal: true },
    { handle: [answerJson(status, headers, page(shown))] },
  ];
  return { handler: 'subroute', routes };
}

export function answerJson(status: number, headers: Readonly<Record<string, string>>, body = ''): Json {
  const lists = Object.entries(headers).map(([name, value]) => [name, [value]] as const);
  return { handler: 'static_response', status_code: status, headers: Object.fromEntries(lists), body };
}
