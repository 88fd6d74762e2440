import type { Playground } from '@playhouse/contract/playground';
import type { AcceleratorClass, Playroom } from '@playhouse/contract/playroom';
import { renderFields } from '../output/table.ts';

export interface Summary {
  readonly endpoint: string;
  readonly tokenFile: string;
  readonly playroom: Playroom;
  /** The demo, when this run started it. */
  readonly demo: Playground | null;
}

const acceleratorWords: Readonly<Record<AcceleratorClass, string>> = {
  kvm: 'KVM, at full speed',
  nested: 'KVM inside a virtual machine',
  tcg: 'TCG, software emulation (no usable KVM): all features, slower machines',
};

/** What `playhouse up` ends with. `program` is how the user calls the command. */
export function renderSummary({ endpoint, tokenFile, playroom, demo }: Summary, program: string): string {
  const accelerator =
    playroom.accelerator === null ? 'not probed yet' : acceleratorWords[playroom.accelerator.class];
  const fields = renderFields([
    ['Address', endpoint],
    ['Admin token', `in ${tokenFile}`],
    ['Accelerator', accelerator],
    ...(demo === null ? [] : ([['Demo', `${demo.name} is running`]] as const)),
  ]);
  const next = [
    ...(demo === null ? [] : [[`${program} ssh ${demo.number}`, 'a shell on the demo']]),
    [`${program} playground start debian --ssh`, 'a playground of your own'],
    [`${program} playground list`, 'what is running'],
    [`${program} doctor`, 'check this host'],
  ];
  const width = Math.max(...next.map(([line = '']) => line.length));
  const lines = next.map(([line = '', words]) => `  ${line.padEnd(width)}   # ${words}`);
  return `Playhouse is up.\n\n${fields}\nNext:\n${lines.join('\n')}\n`;
}
