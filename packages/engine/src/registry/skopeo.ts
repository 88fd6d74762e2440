// What `skopeo` is asked to do. The only file that knows its grammar; explain-skopeo.ts knows its complaints.
import type { ImageReference } from '@playhouse/contract/image-reference';
import { dirname } from 'node:path';
import { confine } from '../system/confinement.ts';

/** How a registry is spoken to. */
export interface RegistryAccess {
  /** Speak without TLS, or with a certificate nobody vouches for. */
  readonly insecure: boolean;
  /** File with the credentials, if any. */
  readonly authFile: string;
}

/** Images for other systems and processors are passed over. */
const platform = ['--override-os=linux', '--override-arch=amd64'];

/** Prints the manifest, or the list of manifests, that the reference stands for, byte for byte. */
export function inspectCommand(reference: ImageReference, access: RegistryAccess): readonly string[] {
  return [
    ...confine({ network: true, readable: [access.authFile] }),
    ...['skopeo', ...platform, 'inspect', '--raw'],
    ...[`--tls-verify=${!access.insecure}`, `--authfile=${access.authFile}`, dockerName(reference)],
  ];
}

/**
 * Copies an image into the OCI layout `layout` as `image`; its blobs go to `blobs`, unless they are there. The layout must be
 * a folder in `blobs`: blobs are moved from the one to the other.
 */
export function copyCommand(
  reference: ImageReference,
  access: RegistryAccess,
  target: { readonly layout: string; readonly blobs: string },
): readonly string[] {
  const { layout, blobs } = target;
  return [
    ...confine({
      network: true,
      readable: [access.authFile],
      writable: [blobs],
      // Folders of the engine are root’s, whose programs here have no other privilege.
      capabilities: ['CAP_DAC_OVERRIDE'],
    }),
    ...['skopeo', ...platform, 'copy', `--src-tls-verify=${!access.insecure}`],
    ...[`--src-authfile=${access.authFile}`, `--dest-shared-blob-dir=${blobs}`],
    ...['--dest-oci-accept-uncompressed-layers', dockerName(reference), `oci:${layout}:image`],
  ];
}

/** Tries a credential; the password comes on standard input and goes to `authFile`. */
export function loginCommand(registry: string, username: string, access: RegistryAccess): readonly string[] {
  return [
    // It replaces the file by another.
    ...confine({ network: true, writable: [dirname(access.authFile)], capabilities: ['CAP_DAC_OVERRIDE'] }),
    ...['skopeo', 'login', `--tls-verify=${!access.insecure}`, `--authfile=${access.authFile}`],
    ...[`--username=${username}`, '--password-stdin', '--', registry],
  ];
}

/** With a digest the tag is left out: skopeo takes one of the two. */
function dockerName({ registry, repository, tag, digest }: ImageReference): string {
  return `docker://${registry}/${repository}${digest === null ? `:${tag ?? 'latest'}` : `@${digest}`}`;
}

/** True for registries on this host, which nobody in between can listen to. */
export function isLoopback(registry: string): boolean {
  const host = registry.replace(/:\d+$/, '');
  return host === 'localhost' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
