// Fetches one Debian package with apt: its signature chain, mirrors and proxies are the host's, its lists and state are not.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { findMirror, type Mirror } from '../images/mirror.ts';
import type { StepVoice } from '../operations/step.ts';
import { removeTree } from '../system/durable-file.ts';
import { enclose } from '../system/enclosure.ts';
import { run } from '../system/run.ts';

const timeoutMs = 1_800_000;
/** A package that only depends on the newest kernel leads to it in one hop, as Debian has it. */
const mostHops = 3;
/** Where the package lists have been read, in percent: they take about as long as the package. */
const halfWay = 50;

/**
 * Fetches the newest kernel package of that name in a suite, or the one it depends on, into `folder`.
 * @returns the path of the .deb
 * @throws PlayhouseError kernel-package-unknown, kernel-fetch-failed, unsupported-host, cancelled
 */
export async function fetchPackage(
  wanted: { readonly package: string; readonly suite: string },
  folder: string,
  voice: StepVoice,
): Promise<string> {
  const { suite } = wanted;
  const work = `${folder}/apt`;
  await removeTree(work);
  for (const path of ['lists/partial', 'archives/partial', 'download'])
    await mkdir(`${work}/${path}`, { recursive: true });
  const mirror = await findMirror(suite);
  await writeFile(`${work}/sources.list`, `${mirror.lines.join('\n')}\n`);
  await writeFile(`${work}/apt.conf`, aptConfiguration(work, mirror));
  /** Runs apt; what it tells of its progress counts from `from` percent of the whole. */
  const apt = async (from: number, ...words: string[]): Promise<string> => {
    const argv = [...enclose(), 'env', `APT_CONFIG=${work}/apt.conf`, ...words];
    const onLine = (line: string): void => tell(line, from, voice);
    const result = await run(argv, { timeoutMs, cwd: `${work}/download`, signal: voice.signal, onLine });
    if (result.exitCode === 0) return result.stdout;
    const detail = (result.stderr.trim() || result.stdout.trim()).slice(-600);
    throw new PlayhouseError('kernel-fetch-failed', { ...wanted, detail });
  };
  voice.detail(`reading the package lists of ${suite}`);
  await apt(0, 'apt-get', 'update');
  const name = await resolve(wanted, async (each) => {
    return await apt(halfWay, 'apt-cache', 'show', '--no-all-versions', each).catch(() => '');
  });
  voice.detail(`fetching ${name}`);
  await apt(halfWay, 'apt-get', 'download', name);
  const [file = ''] = await readdir(`${work}/download`);
  return `${work}/download/${file}`;
}

/** Follows a package that only depends on the newest kernel to the one that holds it. */
export async function resolve(
  wanted: { readonly package: string; readonly suite: string },
  show: (name: string) => Promise<string>,
): Promise<string> {
  let name = wanted.package;
  for (let hop = 0; hop < mostHops; hop += 1) {
    const description = await show(name);
    if (!description.includes('Package:')) throw new PlayhouseError('kernel-package-unknown', wanted);
    const next = kernelDependency(description);
    if (next === null) return name;
    name = next;
  }
  throw new PlayhouseError('kernel-package-unknown', wanted);
}

/** The kernel image that a package depends on in exactly its own version; null for the image itself. */
export function kernelDependency(description: string): string | null {
  const depends = /^Depends: (.*)$/m.exec(description)?.[1] ?? '';
  return /(?:^|, )(linux-image-[a-z0-9+.-]+) \(= /.exec(depends)?.[1] ?? null;
}

/** Settings that take the place of the host's own: everything apt writes goes below `work`. */
export function aptConfiguration(work: string, { options }: Pick<Mirror, 'options'>): string {
  const settings = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::sourcelist': `${work}/sources.list`,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::status': '/dev/null',
    'Dir::State::lists': `${work}/lists`,
    'Dir::Cache::archives': `${work}/archives`,
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Architecture': 'amd64',
    'APT::Architectures': 'amd64',
    // The folder is root's own: apt's unprivileged user could not write into it.
    'APT::Sandbox::User': 'root',
    'APT::Status-Fd': '1',
    'Acquire::Languages': 'none',
    // Lists that cannot be fetched are no lists without the package.
    'APT::Update::Error-Mode': 'any',
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";`);
  return [...lines, ...options, ''].join('\n');
}

/** Lists of a failed attempt are of no use to the next. */
export async function forgetPackage(folder: string): Promise<void> {
  await removeTree(`${folder}/apt`);
}

function tell(line: string, from: number, voice: StepVoice): void {
  const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
  if (percent === undefined) voice.log(line);
  else voice.progress({ done: from + Math.floor(Number(percent) / 2), total: 100, unit: 'percent' });
}
