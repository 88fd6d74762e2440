import { closedRanges } from './closed-ranges.ts';
import { parseSubnet, type Subnet } from './ipv4.ts';
import type { Manifest, PlaygroundSpec } from './manifest.ts';
import { formatPath, type ManifestIssue, type ManifestPath } from './manifest-issue.ts';

type AccessControl = NonNullable<PlaygroundSpec['accessControl']>;

/**
 * What a manifest says that has no effect in this version and harms nothing: worth a note when a playground starts, not a
 * refusal (see findUnsupported). Words for people (title, description, categories, cover, markdown, welcome) and what merely
 * repeats how things are anyway give none. Each entry goes when its field is given a meaning.
 */
export function findIgnored(
  { playground }: Manifest,
  purpose: 'start' | 'publish' = 'start',
): ManifestIssue[] {
  const { tabs = [], portForwards = [], accessControl, egress, machines = [] } = playground;
  const issues: ManifestIssue[] = [];
  if (tabs.length > 0) issues.push(ignored(['playground', 'tabs'], 'playgrounds have no page yet'));
  if (portForwards.length > 0)
    issues.push(ignored(['playground', 'portForwards'], 'no client restores port forwards yet'));
  if (accessControl !== undefined) {
    issues.push(...(purpose === 'start' ? rulesOfOne(accessControl) : unmatched(accessControl)));
  }
  for (const [index, destination] of (Array.isArray(egress) ? egress : []).entries()) {
    if (isClosed(destination)) issues.push(ignored(['playground', 'egress', index], closedReason));
  }
  for (const [index, { backend, drives }] of machines.entries()) {
    const path = ['playground', 'machines', index];
    if (backend !== undefined)
      issues.push(ignored([...path, 'backend'], 'the playroom chooses the virtual machine monitor'));
    for (const [driveIndex, { persistent }] of drives.entries()) {
      if (persistent !== false) continue;
      const reason = 'drives live exactly as long as their playground, also through a stop';
      issues.push(ignored([...path, 'drives', driveIndex, 'persistent'], reason));
    }
  }
  return issues;
}

const closedReason =
  'it lies in a range that is closed to machines; only the operator opens one, with engine.reachableRanges';

function isClosed(destination: string): boolean {
  const subnet = parseSubnet(destination);
  const within = (range: Subnet | undefined) =>
    subnet !== undefined && range !== undefined && contains(range, subnet);
  return closedRanges.some((range) => within(parseSubnet(range)));
}

function contains(outer: Subnet, inner: Subnet): boolean {
  return outer.network <= inner.network && inner.broadcast <= outer.broadcast;
}

/** Who may use it is a matter of playspecs; `owner` alone is how playgrounds are, and `access: {mode: private}` means it too. */
function rulesOfOne({ canList, canRead, canStart }: AccessControl): ManifestIssue[] {
  if ([canList, canRead, canStart].flat().every((who) => who === 'owner')) return [];
  const reason =
    'a playground is seen by its owner and by administrators; the rule is for playspecs, which `playhouse playspec create` makes';
  return [ignored(['playground', 'accessControl'], reason)];
}

/** Identities that only other platforms have. */
function unmatched(accessControl: AccessControl): ManifestIssue[] {
  return Object.entries(accessControl).flatMap(([right, list]) =>
    list.flatMap((who, index) =>
      /^(github|student|has-pack):|^instructor$/.test(who)
        ? [
            ignored(
              ['playground', 'accessControl', right, index],
              `there are no such identities here, so that \`${who}\` matches nobody`,
            ),
          ]
        : [],
    ),
  );
}

function ignored(path: ManifestPath, reason: string): ManifestIssue {
  return { code: 'manifest-ignored', path, parameters: { field: formatPath(path), reason } };
}
