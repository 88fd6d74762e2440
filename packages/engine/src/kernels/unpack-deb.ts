// Takes the kernel and its modules out of a Debian package. Nothing in the package is run, and nothing but regular files in
// folders of our own making is ever written: links and devices that it holds cannot lead anywhere.
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { extract } from 'tar-stream';
import { enclose } from '../system/enclosure.ts';
import { streamOutput } from '../system/stream-output.ts';
import { placeMember } from './package-member.ts';

/** Several times what the largest distribution kernel takes. */
const mostBytes = 4 * 1024 ** 3;
const mostFiles = 50_000;
const timeoutMs = 600_000;

/** The package is read by a program that may do nothing else: it could be made to break it. */
const unprivileged = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs', '--'];

/**
 * Unpacks into `target`: `boot/vmlinuz-<release>` and the like, and `modules/…`, what was in `lib/modules/<release>`.
 * @returns the release
 * @throws PlayhouseError kernel-unusable, cancelled
 */
export async function unpackDeb(
  deb: string,
  target: string,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  const argv = [...enclose(), ...unprivileged, 'dpkg-deb', '--fsys-tarfile', '-'];
  const releases = new Set<string>();
  try {
    await streamOutput(argv, { inputFile: deb, timeoutMs, signal }, async (output) => {
      for (const release of await unpackTar(output, target, name)) releases.add(release);
    });
  } catch (error) {
    if (!(error instanceof PlayhouseError) || error.code !== 'command-failed') throw error;
    throw new PlayhouseError('kernel-unusable', {
      kernel: name,
      detail: `it is no Debian package (${error.message})`,
    });
  }
  const [release, ...others] = releases;
  if (release !== undefined && others.length === 0) return release;
  const detail =
    release === undefined ? 'it holds no kernel' : `it holds several kernels: ${[...releases].join(', ')}`;
  throw new PlayhouseError('kernel-unusable', { kernel: name, detail });
}

/** Writes the wanted files of an archive below `target`. @returns the releases that they belong to */
export async function unpackTar(
  archive: Readable,
  target: string,
  name: string,
): Promise<ReadonlySet<string>> {
  const releases = new Set<string>();
  const entries = extract();
  // An archive that ends too soon must end the wait for the rest of a file.
  const broken = new AbortController();
  const fed = pipeline(archive, entries).catch((error: unknown) => broken.abort(error));
  let [bytes, files] = [0, 0];
  for await (const entry of entries) {
    const { name: member, type, size } = entry.header;
    const taken = placeMember({ name: member, type: type ?? 'file' }, name);
    bytes += size ?? 0;
    files += 1;
    if (bytes > mostBytes || files > mostFiles)
      throw new PlayhouseError('kernel-unusable', {
        kernel: name,
        detail: 'it unpacks to more than any kernel takes',
      });
    if (taken === null) {
      entry.resume();
      continue;
    }
    releases.add(taken.release);
    const path = `${target}/${taken.path}`;
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    await pipeline(entry, createWriteStream(path, { mode: 0o644 }), { signal: broken.signal }).catch(
      (error: unknown) => {
        throw broken.signal.aborted ? cutShort(name, broken.signal.reason) : error;
      },
    );
  }
  await fed;
  if (broken.signal.aborted) throw cutShort(name, broken.signal.reason);
  return releases;
}

function cutShort(name: string, cause: unknown): PlayhouseError {
  const detail = `its archive is broken (${cause instanceof Error ? cause.message : String(cause)})`;
  return new PlayhouseError('kernel-unusable', { kernel: name, detail }, { cause });
}
