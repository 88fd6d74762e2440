// What the head of a Linux kernel image says (Documentation/arch/x86/boot.rst).
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';

const magicAt = 0x202;
const versionPointerAt = 0x20e;
/** The pointer counts from behind the boot sector. */
const bootSectorBytes = 0x200;
const mostReleaseBytes = 64;

/** Bytes at the beginning of an image that `releaseOf` reads. */
export const imageHeadBytes = 0x10000;

/** Letters of a release: it is part of paths on the host and in the guest. */
export const releasePattern = /^[A-Za-z0-9][A-Za-z0-9._+~-]{0,63}$/;

/**
 * The release (`uname -r`) of a bootable x86 kernel image.
 * @throws PlayhouseError kernel-unusable
 */
export function releaseOf(head: Uint8Array, file: string): string {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const isKernel =
    bytes.length > versionPointerAt + 2 && bytes.toString('latin1', magicAt, magicAt + 4) === 'HdrS';
  if (!isKernel) throw unusable(file, 'it is no bootable x86 kernel image (bzImage)');
  const start = bytes.readUInt16LE(versionPointerAt) + bootSectorBytes;
  const [release = ''] = bytes.toString('latin1', start, start + mostReleaseBytes + 1).split(/[ \0]/, 1);
  if (!releasePattern.test(release)) throw unusable(file, 'its header names no release');
  return release;
}

function unusable(file: string, detail: string): PlayhouseError {
  return new PlayhouseError('kernel-unusable', { kernel: file, detail });
}
