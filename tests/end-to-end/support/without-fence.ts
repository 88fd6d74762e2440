import { runOk } from './process.ts';

/** Does something while the ports of a playground’s networks have no fence; `netns` is the playground’s. */
export async function withoutFence(netns: string, work: () => Promise<void>): Promise<void> {
  const nft = ['nsenter', `--net=/run/netns/${netns}`, '--', 'nft'];
  const fence = await runOk([...nft, 'list', 'table', 'bridge', 'playhouse']);
  await runOk([...nft, 'delete', 'table', 'bridge', 'playhouse']);
  try {
    await work();
  } finally {
    await runOk([...nft, '-f', '-'], { input: fence });
  }
}
