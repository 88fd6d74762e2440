// What benches of snapshots share: playgrounds alike, and operations that are waited for closely.
import { setTimeout } from 'node:timers/promises';
import type { Operation } from '@playhouse/contract/operation';
import type { Installation } from '../tests/end-to-end/support/installation.ts';

/** A playground of machines alike, each with one processor and a drive of 8 GiB. */
export function manifest(machines: number, ramMiB: number): string {
  const machine = (index: number) => `
    - name: m${index}
      users: [{ name: root }]
      drives: [{ source: debian-12, mount: /, size: 8GiB }]
      network: { interfaces: [{ network: local }] }
      resources: { cpuCount: 1, ramSize: ${ramMiB}MiB }`;
  return `kind: playground\ntitle: What is measured\nplayground:\n  machines:${Array.from({ length: machines }, (_, index) => machine(index)).join('')}\n`;
}

export async function start(installation: Installation, text: string): Promise<string> {
  const { playground, operation } = await installation.start(text);
  await done(installation, operation.id);
  return playground.id;
}

/** Waits for an operation, asking often: what is measured is not to wait for the question. */
export async function done(installation: Installation, id: string): Promise<Operation> {
  const client = await installation.client();
  for (;;) {
    const { operation } = await client('operation.get', { parameters: { operation: id } });
    if (operation.status === 'succeeded') return operation;
    if (operation.endedAt !== null)
      throw new Error(`${operation.kind} failed: ${JSON.stringify(operation.error)}`);
    await setTimeout(10);
  }
}
