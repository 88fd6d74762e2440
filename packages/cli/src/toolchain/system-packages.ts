// Reads system-packages.txt, the one list of Debian packages that Playhouse asks for. Text in, data out: installing
// them is somebody else's job.

export interface SystemPackage {
  name: string;
  /** Why it is needed, as the list says it. */
  reason: string;
}

export interface SystemPackagesProblem {
  /** Counted from 1. */
  line: number;
  message: string;
}

export interface SystemPackages {
  /** Packages by section (`launcher`, `run`, `test`), in the order of the list. */
  sections: Readonly<Record<string, readonly SystemPackage[]>>;
  /** Every line that could not be understood; the list is fit for use when there is none. */
  problems: readonly SystemPackagesProblem[];
}

// Debian policy, section 5.6.1: what a package may be called.
const packageName = /^[a-z0-9][a-z0-9+.-]+$/;

/** Parses the list. Never throws: all problems are told at once, each with its line. */
export function parseSystemPackages(text: string): SystemPackages {
  // Without a prototype, so that a section may be called `constructor`.
  const sections: Record<string, SystemPackage[]> = Object.create(null);
  const problems: SystemPackagesProblem[] = [];
  let seen = new Set<string>();
  const seenElsewhere = seen;
  let section: SystemPackage[] | undefined;

  for (const [index, raw] of text.split('\n').entries()) {
    const problem = (message: string): unknown => problems.push({ line: index + 1, message });
    const hash = raw.indexOf('#');
    const entry = (hash < 0 ? raw : raw.slice(0, hash)).trim();
    const reason = hash < 0 ? '' : raw.slice(hash + 1).trim();
    if (entry === '') continue;

    const title = /^\[([a-z][a-z-]*)\]$/.exec(entry)?.[1];
    if (title !== undefined) {
      if (Object.hasOwn(sections, title)) problem(`section [${title}] is there twice`);
      section = sections[title] ??= [];
      // The launcher installs its own before this list can be read, and only where something is missing.
      seen = title === 'launcher' ? new Set() : seenElsewhere;
    } else if (!packageName.test(entry)) {
      problem(`"${entry}" is not the name of a Debian package: write one name a line, then # and why`);
    } else if (section === undefined) {
      problem(`${entry} stands before the first section: put it under [run] or [test]`);
    } else if (seen.has(entry)) {
      problem(`${entry} is listed twice: keep it in the first section that needs it`);
    } else {
      if (reason === '') problem(`${entry} has no reason: write # and why it is needed`);
      seen.add(entry);
      section.push({ name: entry, reason });
    }
  }
  return { sections, problems };
}
