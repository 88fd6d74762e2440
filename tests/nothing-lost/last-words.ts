// What can be seen from outside of a machine that does not do what it should, for whoever reads the report.
import { glob, readFile } from 'node:fs/promises';
import { run } from '../end-to-end/support/process.ts';
import type { Installation } from '../end-to-end/support/installation.ts';

const tailCharacters = 1500;

/** The end of each console of a playground, its machines as the server has them, and who answers at their addresses. */
export async function lastWords(installation: Installation, id: string): Promise<string> {
  const said: string[] = [];
  for await (const file of glob(`${installation.state}/**/${id}/**/console*`))
    said.push(`${file}: ${(await readFile(file, 'latin1')).slice(-tailCharacters)}`);
  const found = await installation.playground(id).catch(() => null);
  for (const { name, state, edgeAddress } of found?.machines ?? []) {
    const { code, stderr } = await run(
      [...installation.inNetns, 'busybox', 'nc', '-w', '2', '-z', `${edgeAddress}`, '4000'],
      { timeoutMs: 5000 },
    );
    said.push(`${name}: ${state}, a knock at ${edgeAddress} ends with ${code} ${stderr.trim()}`);
  }
  const { stdout } = await run([...installation.inNetns, 'ip', 'neighbour'], { timeoutMs: 5000 });
  return [...said, stdout.trim()].join('\n  ');
}
