import { run } from './process.ts';

/** `fetch` from inside the namespace that the words `prefix` enter, by way of curl. */
export async function fetchInside(
  prefix: readonly string[],
  url: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = Object.entries((init.headers ?? {}) as Record<string, string>).flatMap(([name, value]) => [
    '-H',
    `${name}: ${value}`,
  ]);
  const body = init.body === undefined ? [] : ['--data-binary', '@-'];
  const method = ['-X', init.method ?? 'GET'];
  const { code, stdout, stderr } = await run(
    [...prefix, 'curl', '-sS', '-w', '\n%{http_code}', ...method, ...headers, ...body, url],
    { input: typeof init.body === 'string' ? init.body : '' },
  );
  if (code !== 0) throw new Error(stderr);
  const end = stdout.lastIndexOf('\n');
  return new Response(stdout.slice(0, end), { status: Number(stdout.slice(end + 1)) });
}
