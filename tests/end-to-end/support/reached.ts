import { run } from './process.ts';

/** How many of the targets, each `ADDRESS PORT`, take a TCP connection from the namespace that the words `prefix` enter. */
export async function countReached(prefix: readonly string[], targets: readonly string[]): Promise<number> {
  const program = `
const targets = ${JSON.stringify(targets)};
Promise.all(targets.map((target) => new Promise((resolve) => {
  const [host, port] = target.split(' ');
  const socket = require('node:net').connect({ host, port: Number(port), timeout: 5000 });
  socket.once('connect', () => resolve(1));
  for (const event of ['error', 'timeout']) socket.once(event, () => resolve(0));
}))).then((all) => { console.log(all.reduce((sum, one) => sum + one)); process.exit(); });`;
  return Number((await run([...prefix, process.execPath, '-e', program])).stdout);
}
