// Makes file system images of directories without mounting anything.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type Run, runOrFail } from '../system/run.ts';

const mebibyte = 1024 * 1024;

/** Inodes beyond those of the content: what a running system adds before its file system is grown, and then some. */
const spareInodes = 4096;

/** Exit code of e2fsck when all is well now. */
const fileSystemChanged = 1;

/** What a directory’s files take on disk: bytes, or inodes. */
async function measure(directory: string, unit: '--block-size=1' | '--inodes', run: Run): Promise<number> {
  const { stdout } = await run(['du', '--summarize', unit, '--one-file-system', directory]);
  return Number(stdout.split('\t')[0]);
}

/** Writes a raw ext4 image holding a directory, with `slackBytes` of room to spare. */
export async function makeExt4(
  directory: string,
  image: string,
  options: {
    readonly label: string;
    readonly slackBytes: number;
    readonly journal: boolean;
    /** How many files and folders there are at most, where that is known; else they are counted. */
    readonly entries?: number;
  },
  run: Run = runOrFail,
): Promise<void> {
  const content = await measure(directory, '--block-size=1', run);
  // A fifth more than the files take covers inodes, bitmaps and the journal.
  const size = Math.ceil((content * 1.2 + options.slackBytes) / mebibyte) * mebibyte + 64 * mebibyte;
  await writeFile(image, '');
  await truncate(image, size);
  const entries = options.entries ?? (await measure(directory, '--inodes', run));
  // As mkfs does by itself, one for each 16 KiB; many tiny files need more.
  const inodes = Math.max(Math.floor(size / 16_384), entries + spareInodes);
  // To add a file mkfs reads the whole folder again, and comparing checksums that it has just written itself took three
  // quarters of its time. They are added when all is there; folders are packed anew then, with room for them and an index.
  const features = options.journal ? '^metadata_csum' : '^metadata_csum,^has_journal';
  const line = [
    'mkfs.ext4',
    '-q',
    '-F',
    '-L',
    options.label,
    '-m',
    '0',
    '-N',
    String(inodes),
    '-O',
    features,
  ];
  const eager = ['-E', 'lazy_itable_init=0,lazy_journal_init=0'];
  const timeoutMs = 600_000;
  await run([...line, ...eager, '-d', directory, image], { timeoutMs });
  await run(['tune2fs', '-O', 'metadata_csum', image], { timeoutMs });
  await run(['e2fsck', '-f', '-p', '-D', image], { timeoutMs, successCodes: [0, fileSystemChanged] });
}

/** `sha256:…` of a file. */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: mebibyte }), hash);
  return `sha256:${hash.digest('hex')}`;
}
