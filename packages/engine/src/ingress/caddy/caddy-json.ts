// Parts of Caddy’s configuration that several files put together. No text of a stranger gets into it unescaped: Caddy fills in what
// stands between braces.
import type { Page } from '../ingress-driver.ts';
import { page, pageHeaders } from '../page.ts';

export type Json = { readonly [key: string]: unknown };

/** Header of a request that came by way of another proxy of this host: whose it is, that one said. */
export const clientAsTold = { 'X-Forwarded-For': ['{http.request.header.X-Forwarded-For}'] };

export function pageJson({ status, ...texts }: Omit<Page, 'kind'>): Json {
  return answerJson(status, pageHeaders(status, texts.again), page(texts));
}

export function answerJson(status: number, headers: Readonly<Record<string, string>>, body = ''): Json {
  const lists = Object.entries(headers).map(([name, value]) => [name, [value]] as const);
  return { handler: 'static_response', status_code: status, headers: Object.fromEntries(lists), body };
}
