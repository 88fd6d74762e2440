import type { ManifestIssue, ManifestPath } from '../manifest/manifest-issue.ts';

/** A service that another one leads to, and where it says so. */
export interface Step {
  readonly to: string;
  readonly path: ManifestPath;
}

const longestShown = 20;

/** One issue for each circle that the first steps lead into, at a step of it. No step costs more the longer the file is. */
export function findCircles(
  steps: ReadonlyMap<string, readonly Step[]>,
  code: 'compose-circle' | 'compose-extends-circle',
): readonly ManifestIssue[] {
  const left = new Map([...steps].map(([name, own]) => [name, new Map(own.map((step) => [step.to, step]))]));
  dropWhatEnds(left);
  const issues: ManifestIssue[] = [];
  const done = new Set<string>();
  for (const first of left.keys()) {
    const way = new Map<string, Step>();
    let name: string | undefined = first;
    while (name !== undefined && !done.has(name)) {
      const step: Step | undefined = left.get(name)?.values().next().value;
      if (step !== undefined) way.set(name, step);
      done.add(name);
      name = step?.to;
    }
    const step = name === undefined ? undefined : way.get(name);
    if (name === undefined || step === undefined) continue;
    const walked = [...way.keys()];
    const circle = [...walked.slice(walked.indexOf(name)), name].map((each) => `\`${each}\``);
    const shown = circle.length > longestShown ? [...circle.slice(0, longestShown), '…'] : circle;
    issues.push({ code, path: step.path, parameters: { circle: shown.join(' → ') } });
  }
  return issues;
}

/** What is left leads into a circle, or is in one. */
function dropWhatEnds(left: Map<string, Map<string, Step>>): void {
  const before = new Map<string, string[]>();
  for (const [name, own] of left)
    for (const next of own.keys()) {
      const others = before.get(next);
      if (others === undefined) before.set(next, [name]);
      else others.push(name);
    }
  const ending = [...left].filter(([, own]) => own.size === 0).map(([name]) => name);
  for (let name = ending.pop(); name !== undefined; name = ending.pop()) {
    left.delete(name);
    for (const other of before.get(name) ?? []) {
      const own = left.get(other);
      if (own?.delete(name) === true && own.size === 0) ending.push(other);
    }
  }
}
