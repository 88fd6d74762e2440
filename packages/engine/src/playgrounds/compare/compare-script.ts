// What the appliance does with two drives: mounts both, lists what is on them, and tells the differences. It runs nothing of theirs,
// with busybox alone. Its output is a guest’s and is read as such.
import {
  type ChangedFile,
  type ChangedPackage,
  type ComparedDrive,
  comparisonLimit,
} from '@playhouse/contract/comparison';
import { printable } from '../../guest/printable.ts';

/** Arguments: the devices before and after, `-` where there is none. Prints sections that begin with `#`. */
export const compareScript = String.raw`
b=\${BUSYBOX:-/bin/busybox}
t=\${TOP:-/run/compare}
$b umount $t/a 2> /dev/null; $b umount $t/b 2> /dev/null
$b mkdir -p $t/a $t/b

look() { # device, folder
  [ "$1" != - ] || return 0
  [ ! -d "$1" ] || { $b rmdir "$2"; $b ln -s "$1" "$2"; return; }
  $b mount -r "$1" "$2" 2> /dev/null
}
list() { # folder
  cd "$1" && $b find . -xdev -exec $b stat -c '%f %s %Y %n' {} + 2> /dev/null
  cd /
}
packages() { # folder
  if [ -f "$1/var/lib/dpkg/status" ]; then
    $b awk '/^Package: /{p=$2} /^Status: /{s=$NF} /^Version: /{v=$2} /^$/{if(s=="installed")print p,v; p=s=v=""}
      END{if(s=="installed")print p,v}' "$1/var/lib/dpkg/status"
  elif [ -f "$1/lib/apk/db/installed" ]; then
    $b awk '/^P:/{p=substr($0,3)} /^V:/{v=substr($0,3)} /^$/{if(p!="")print p,v; p=v=""} END{if(p!="")print p,v}' "$1/lib/apk/db/installed"
  fi
}

look "$1" $t/a || { echo "#unreadable before"; exit 0; }
look "$2" $t/b || { echo "#unreadable after"; exit 0; }
list $t/a/ > $t/files-a
list $t/b/ > $t/files-b
echo "#files"
$b awk '
  function path(line) { return substr(line, index(line, " ./") + 2) }
  !index($0, " ./") { next }
  side == "a" { was[path($0)] = $1 " " $2 " " $3; next }
  {
    name = path($0)
    if (!(name in was)) { print "added - " $2 " " name; next }
    split(was[name], old, " ")
    folder = substr($1, 1, 1) == "4" && length($1) == 4
    if (old[1] != $1 || (!folder && (old[2] != $2 || old[3] != $3))) print "changed " old[2] " " $2 " " name
    delete was[name]
  }
  END { for (name in was) { split(was[name], old, " "); print "removed " old[2] " - " name } }
' side=a $t/files-a side=b $t/files-b | $b sort -k4 | $b head -n ${comparisonLimit + 1}
echo "#packages before"
packages $t/a | $b sort | $b head -n ${comparisonLimit}
echo "#packages after"
packages $t/b | $b sort | $b head -n ${comparisonLimit}
echo "#end"
`.replaceAll('\\$', '$');

export interface DriveFindings extends Pick<ComparedDrive, 'unreadable' | 'files' | 'truncated'> {
  readonly packages: readonly ChangedPackage[];
}

/** Reads what the script printed. Lines that make no sense are passed over. @throws Error when it did not come to its end */
export function parseFindings(output: string): DriveFindings {
  const [, side] = /^#unreadable (before|after)$/m.exec(output) ?? [];
  if (side !== undefined) {
    const unreadable = `${side}: it has no file system that can be read`;
    return { unreadable, files: [], truncated: false, packages: [] };
  }
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of output.split('\n')) {
    const [, name] = /^#(files|packages before|packages after|end)$/.exec(line) ?? [];
    if (name === undefined) lines.push(line);
    else sections.set(name, (lines = []));
  }
  if (!sections.has('end')) throw new Error('the drives could not be read to their end');
  const files = (sections.get('files') ?? []).flatMap((line) => parseFile(line) ?? []);
  return {
    unreadable: null,
    files: files.slice(0, comparisonLimit),
    truncated: files.length > comparisonLimit,
    packages: changedPackages(sections.get('packages before') ?? [], sections.get('packages after') ?? []),
  };
}

function parseFile(line: string): ChangedFile | null {
  const [, change, before, after, path = ''] =
    /^(added|removed|changed) (-|\d{1,15}) (-|\d{1,15}) (\/.*)$/.exec(line) ?? [];
  if (change === undefined) return null;
  const size = (text: string | undefined) => (text === '-' ? null : Number(text));
  return {
    change: change as ChangedFile['change'],
    path: printable(path),
    sizeBefore: size(before),
    sizeAfter: size(after),
  };
}

function changedPackages(before: readonly string[], after: readonly string[]): readonly ChangedPackage[] {
  const [old, now] = [versions(before), versions(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .map((name) => ({ name, before: old.get(name) ?? null, after: now.get(name) ?? null }))
    .filter(({ before: was, after: is }) => was !== is);
}

function versions(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, name, version] = /^(\S+) (\S+)$/.exec(printable(line)) ?? [];
      return name === undefined || version === undefined ? [] : [[name, version] as const];
    }),
  );
}
