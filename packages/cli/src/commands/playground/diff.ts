import type { ChangedFile, ComparedMachine, Comparison } from '@playhouse/contract/comparison';
import { print } from '../../output/print.ts';
import { formatSize } from '../../output/size.ts';
import { renderTable } from '../../output/table.ts';
import type { Context } from '../../program/context.ts';
import { awaitOperation } from '../await-operation.ts';

/** Files of a drive that are shown unless all are asked for. */
const shownFiles = 50;

export interface DiffInput {
  readonly from: string;
  readonly to: string;
  readonly all: boolean;
}

/** `playhouse playground diff` */
export async function diffPlaygrounds(context: Context, input: DiffInput): Promise<undefined> {
  const { client } = await context.connect();
  const { operation } = await client('playground.diff', { body: { from: input.from, to: input.to } });
  await awaitOperation(context, operation);
  const { comparison } = await client('playground.diff-result', { parameters: { operation: operation.id } });
  await print(context, comparison, () => render(comparison, input.all ? Infinity : shownFiles));
}

function render({ from, to, machines }: Comparison, most: number): string {
  const parts = machines.map((machine) => renderMachine(machine, most)).filter((part) => part !== '');
  return parts.length === 0 ? `${from} and ${to} are the same.\n` : parts.join('\n');
}

function renderMachine({ name, presence, drives, packages, ports }: ComparedMachine, most: number): string {
  const where = presence === 'both' ? '' : ` (${presence})`;
  const parts = [
    ...drives.flatMap(({ device, mount, unreadable, files, truncated }) => {
      const title = `${name}${where}: ${device}${mount === null ? '' : ` at ${mount}`}`;
      if (unreadable !== null) return [`${title}: cannot be compared, ${unreadable}\n`];
      if (files.length === 0) return [];
      const rows = files.slice(0, most).map((file) => [marks[file.change], file.path, sizes(file)]);
      const left = files.length - rows.length;
      const more = truncated ? `and more than ${left}` : `${left}`;
      const rest = left > 0 || truncated ? `… ${more} others; --all shows what is known\n` : '';
      return [`${title}\n${renderTable(['', 'file', 'size'], rows)}${rest}`];
    }),
    ...(packages.length === 0
      ? []
      : [
          `${name}${where}: packages\n${renderTable(
            ['package', 'before', 'after'],
            packages.map(({ name: pack, before, after }) => [pack, before ?? '-', after ?? '-']),
          )}`,
        ]),
    ...portWords(name, ports),
  ];
  return parts.join('\n');
}

const marks = { added: '+', removed: '-', changed: '~' } as const satisfies Record<
  ChangedFile['change'],
  string
>;

function sizes({ sizeBefore, sizeAfter }: ChangedFile): string {
  const [before, after] = [sizeBefore, sizeAfter].map((size) => (size === null ? '' : formatSize(size)));
  return before === after || before === '' || after === '' ? `${before || after}` : `${before} → ${after}`;
}

function portWords(name: string, { before, after }: ComparedMachine['ports']): readonly string[] {
  if (after === null && before === null) return [];
  if (before === null || after === null)
    return [
      `${name}: listens on ${(before ?? after ?? []).join(', ') || 'nothing'}; on what the other does is not known\n`,
    ];
  const opened = after.filter((port) => !before.includes(port)).map((port) => `+ ${port}\n`);
  const closed = before.filter((port) => !after.includes(port)).map((port) => `- ${port}\n`);
  return opened.length + closed.length === 0
    ? []
    : [`${name}: listens on\n${[...opened, ...closed].join('')}`];
}
