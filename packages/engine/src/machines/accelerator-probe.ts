// Finds out how machines really run on this host. /dev/kvm being there proves nothing, so the guest kernel is booted once
// under KVM; only if it comes up in time is KVM believed.
import { existsSync, readFileSync } from 'node:fs';
import type { Accelerator, AcceleratorClass } from '@playhouse/contract/playroom';
import { acceleratorSchema } from '@playhouse/contract/playroom';
import { z } from 'zod';
import { readJson, writeDurably } from '../system/durable-file.ts';
import { hostBootId } from '../system/process-identity.ts';
import { bootOnce } from './boot-once.ts';
import { type AcceleratorFacts, kernelCommandLine } from './kernel-command-line.ts';
import { type Run, run, runOrFail } from '../system/run.ts';
import { hardware } from './qemu/machine-line.ts';

/** What the initramfs prints when it was asked to only show that it boots. */
const marker = 'PLAYHOUSE-PROBE-OK';

/** A usable KVM boots the kernel in well under a second; an unusable one crawls for half a minute or dies. */
const kvmTimeoutMs = 10_000;
const tcgTimeoutMs = 60_000;

const cachedVerdictSchema = acceleratorSchema.extend({ key: z.string() });

export interface ProbeImages {
  readonly image: string;
  readonly initramfs: string;
  /** The guest agent as a program of the host. */
  readonly agent: string;
}

/** The verdict from the cache, when it was made on this boot of the host with this kernel and QEMU; else null. */
export async function cachedVerdict(path: string, key: string): Promise<Accelerator | null> {
  const cached = cachedVerdictSchema.safeParse(await readJson(path));
  return cached.success && cached.data.key === key ? acceleratorSchema.parse(cached.data) : null;
}

/** What a verdict is good for: the host’s boot (so its kernel and modules), the guest kernel, QEMU’s version. */
export function verdictKey(kernelDigest: string, qemu: readonly number[]): string {
  return [hostBootId(), kernelDigest, qemu.join('.')].join(' ');
}

/** Frequency of the host’s time stamp counter, in kHz. */
export async function measureTsc(
  { agent }: Pick<ProbeImages, 'agent'>,
  runner: Run = runOrFail,
): Promise<number> {
  return Number((await runner([agent, 'tsc-khz'])).stdout);
}

/** Boots the kernel under KVM and, if that fails, under TCG, and remembers the verdict at `path`. */
export async function probeAccelerator(
  images: ProbeImages,
  tscKhz: number,
  cache: { readonly path: string; readonly key: string },
  runner: Run = run,
): Promise<Accelerator> {
  const kvm = await tryKvm(images, runner);
  const verdict = kvm.works
    ? { class: kvm.class, evidence: kvm.evidence }
    : await tryTcg(images, tscKhz, kvm.evidence, runner);
  await writeDurably(cache.path, JSON.stringify({ ...verdict, key: cache.key }), 0o644);
  return verdict;
}

async function tryKvm(images: ProbeImages, runner: Run) {
  const klass: AcceleratorClass = isVirtualHost() ? 'nested' : 'kvm';
  if (!existsSync('/dev/kvm')) return { works: false, class: klass, evidence: ['There is no /dev/kvm.'] };
  const line = (log: string) => probeLine(images, { class: klass, tscKhz: null }, log);
  const boot = await bootOnce(line, marker, kvmTimeoutMs, runner);
  const evidence = [
    boot.seconds === null
      ? `/dev/kvm exists, but the kernel did not boot under KVM within ${kvmTimeoutMs / 1000} s${boot.said}.`
      : `The kernel booted under KVM in ${boot.seconds.toFixed(2)} s.`,
    ...(klass === 'nested' ? ['This host is itself a virtual machine.'] : []),
  ];
  return { works: boot.seconds !== null, class: klass, evidence };
}

async function tryTcg(
  images: ProbeImages,
  tscKhz: number,
  evidence: readonly string[],
  runner: Run,
): Promise<Accelerator> {
  const line = (log: string) => probeLine(images, { class: 'tcg', tscKhz }, log);
  const boot = await bootOnce(line, marker, tcgTimeoutMs, runner);
  const seen =
    boot.seconds === null
      ? `The kernel did not boot under TCG within ${tcgTimeoutMs / 1000} s either${boot.said}.`
      : `The kernel booted under TCG in ${boot.seconds.toFixed(2)} s.`;
  return { class: 'tcg', evidence: [...evidence, seen] };
}

function probeLine(images: ProbeImages, accelerator: AcceleratorFacts, log: string): readonly string[] {
  return [
    ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...hardware({ type: 'microvm', cpuCount: 1, ramBytes: 256 * 1024 * 1024 }, accelerator.class),
    ...['-kernel', images.image, '-initrd', images.initramfs],
    ...['-append', `${kernelCommandLine(accelerator)} playhouse.probe=1`],
    ...['-chardev', `file,id=console,path=${log}`, '-serial', 'chardev:console'],
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
  ];
}

function isVirtualHost(): boolean {
  return /^flags\s*:.*\bhypervisor\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'));
}
