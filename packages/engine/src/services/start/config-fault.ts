import { parseNodePath } from '@playhouse/contract/compose/template/node-path';
import { formatProblem, type Problem } from '@playhouse/contract/errors/problem';
import type { ManifestIssue } from '@playhouse/contract/manifest/manifest-issue';

/** Gives faults their places in the file that was given: those of the fields, or of what is written around them. */
type Locate = (issues: readonly ManifestIssue[]) => readonly Problem[];

const named = /\b(?:services|networks|volumes|configs|secrets)\.[\w.[\]-]*[\w\]]/;

/** Of what it has read, it names services so. */
const quoted = /^service "([\w.-]+)" /;

/**
 * What Docker Compose said of a file that it refuses, at its place where it names one. It read the file in `folder`, of which nobody
 * has to know.
 */
export function configFault(said: string, folder: string, locate: Locate): string {
  const detail = said.replaceAll(`${folder}/`, '').replaceAll(/\s+/g, ' ');
  const [path] = named.exec(detail) ?? [];
  const [, service] = quoted.exec(detail) ?? [];
  const place =
    path === undefined
      ? service === undefined
        ? undefined
        : ['services', service]
      : parseNodePath(path.replaceAll(/\[\]|\.(?=\[)/g, ''));
  if (place === undefined) return detail;
  return told(locate([{ code: 'compose-not-rendered', path: place, parameters: { detail } }]));
}

/** Each with its place, what it is and how to mend it. */
export function told(problems: readonly Problem[]): string {
  return [...new Set(problems.map(formatProblem))].join('\n');
}
