// Git, as it is asked to work for strangers: the only place that starts it. Nothing of the host’s settings counts, no hook is run, and
// only transports that fetch are known.
import { maskedValue } from '@playhouse/contract/compose/environment/mask-value';
import { PlayhouseError } from '@playhouse/contract/errors/playhouse-error';
import { type GitAccess, noGitAccess } from '../../credentials/git-access.ts';
import { confine } from '../../system/confinement.ts';
import { type Run, run as runProgram, type RunOptions, type RunResult } from '../../system/run.ts';

const environment = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  // Who only looks is in nobody’s way.
  GIT_OPTIONAL_LOCKS: '0',
  GIT_ASKPASS: '/bin/false',
  GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new',
  LC_ALL: 'C.UTF-8',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/nonexistent',
};

const settings = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'submodule.recurse': 'false',
  'protocol.file.allow': 'always',
  'safe.directory': '*',
  'gc.auto': '0',
};

export interface GitOptions extends RunOptions {
  /**
   * The only folders that it can change, and all of the host that it sees besides programs: for what works on a folder that
   * containers write meanwhile, in which a link can take the place of a folder at any moment.
   */
  readonly within?: readonly string[];
  /** Folders that it sees besides those of `within`, and cannot change. */
  readonly sees?: readonly string[];
  /** Variables besides its usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What belongs to users of containers is replaced by what a repository has. */
const capabilities = ['CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_CHOWN'];

/** Runs `git` with these words, whatever the exit code. */
export async function git(
  words: readonly string[],
  { within, sees = [], environment: added = {}, ...options }: GitOptions = {},
  access: GitAccess = noGitAccess,
  run: Run = runProgram,
): Promise<RunResult> {
  const settingWords = Object.entries({ ...settings, ...access.settings }).flatMap(([key, value]) => [
    '-c',
    `${key}=${value}`,
  ]);
  const variables = Object.entries({ ...environment, ...added, ...access.environment }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const confinement = within === undefined ? [] : confine({ writable: within, readable: sees, capabilities });
  const result = await run(
    // What it is confined by has no other environment: a link may lead there.
    ['env', '--ignore-environment', ...variables, ...confinement, 'git', ...settingWords, ...words],
    options,
  );
  const { secret } = access;
  return secret === null ? result : { ...result, stderr: result.stderr.replaceAll(secret, maskedValue) };
}

/** Of what Git said: a server that is nobody’s friend may have it repeat megabytes. */
const heard = 16_384;

/** What Git said, as an error that says what, why and how to mend it. `folder` is where it writes. */
export function gitError(
  repository: string,
  wholly: string,
  branch: string | null,
  { credential }: Pick<GitAccess, 'credential'> = noGitAccess,
  folder: string | null = null,
): PlayhouseError {
  // What it failed of stands at the end.
  const said = wholly.slice(-heard);
  if (folder !== null && /No space left on device|Disk quota exceeded/i.test(said))
    return new PlayhouseError('disk-full', { path: folder });
  const [nameFault] =
    /cannot lock ref 'refs\/heads\/.*|'.{0,300}' is not a valid branch name/i.exec(said) ?? [];
  if (nameFault !== undefined && branch !== null)
    return new PlayhouseError('branch-impossible', { repository, branch, detail: nameFault });
  const detail = said.trim().split('\n').slice(-6).join('\n').slice(-600);
  if (isBranchMissing(said))
    return branch === null || branch === 'HEAD'
      ? new PlayhouseError('repository-empty', { repository })
      : new PlayhouseError('branch-unknown', { repository, branch });
  if (
    /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No \S+ host key is known/i.test(said)
  )
    return new PlayhouseError('host-key-unknown', { repository, detail });
  if (repository.startsWith('https:') && isUntrusted(said))
    // The file that it names is not always the one that it took.
    return new PlayhouseError('repository-untrusted', {
      repository,
      detail: detail.replace(/ CAfile: .*/, ''),
    });
  // An address may have any number in it.
  const answered = /returned error: (\d+)/i.exec(said)?.[1] ?? '';
  const isRefused = /Authentication failed|could not read Username|Permission denied/i.test(said);
  if (isRefused || answered === '401' || answered === '403')
    return new PlayhouseError('repository-refused', { repository, credential, detail });
  const isUnknown = /not found|does not exist|does not appear to be a git repository/i.test(said);
  if (isUnknown || answered === '404')
    return new PlayhouseError('repository-unknown', { repository, detail });
  return new PlayhouseError('repository-failed', { repository, detail });
}

/** As curl says it with GnuTLS, and with OpenSSL. */
function isUntrusted(said: string): boolean {
  return /certificate verification failed|SSL certificate problem|server verification failed|SSL: .{0,200}(?:subject|target host)/i.test(
    said,
  );
}

export function isBranchMissing(said: string): boolean {
  return /Remote branch \S{1,300} not found|couldn't find remote ref|invalid reference/i.test(
    said.slice(-heard),
  );
}

/** The files that Git says it would have overwritten, the first of very many; none when it failed for another reason. */
export function filesInTheWay(said: string): readonly string[] {
  const lists = said
    .slice(0, heard)
    .matchAll(/files would be (?:overwritten|removed) by \w+:\n((?:\t.*\n)+)/g);
  return [...lists].flatMap(([, list = '']) => list.split('\n').flatMap((line) => line.slice(1) || []));
}
