import type { ManifestIssue, ManifestPath } from '../../manifest/manifest-issue.ts';
import type { PolicyLevel, PolicyRuleName } from './policy-rules.ts';
import { policyRules } from './policy-rules.ts';

/** Something in a Compose file that a rule of the host policy is about. */
export interface PolicyFinding {
  readonly rule: PolicyRuleName;
  readonly path: ManifestPath;
  /** What is asked for, as written: `privileged: true`. */
  readonly what: string;
  /** Replaces the rule's own advice where more is known. */
  readonly mend?: string;
}

export interface JudgedFinding extends PolicyFinding {
  readonly level: Exclude<PolicyLevel, 'allow'>;
  /** Whose it is: a service, or a network, volume, config or secret. */
  readonly owner: string;
  readonly why: string;
  readonly mend: string;
}

/** A finding in the shape of all other faults: `compose-denied` refuses the file, `compose-warned` is a note. */
export function findingToIssue({ level, owner, what, why, mend, rule, path }: JudgedFinding): ManifestIssue {
  const code = level === 'deny' ? 'compose-denied' : 'compose-warned';
  return { code, path, parameters: { owner, what, why, mend, rule } };
}

export function judge(finding: PolicyFinding, level: JudgedFinding['level']): JudgedFinding {
  const { why, mend } = policyRules[finding.rule];
  return { mend, ...finding, level, why, owner: ownerOf(finding.path) };
}

const nouns: Readonly<Record<string, string>> = {
  services: 'Service',
  networks: 'Network',
  volumes: 'Volume',
  configs: 'Config',
  secrets: 'Secret',
};

/** `Service \`web\``, as texts name it. */
export function ownerOf([part, name]: ManifestPath): string {
  const noun = nouns[String(part)];
  return noun === undefined || name === undefined ? 'The file' : `${noun} \`${name}\``;
}

/** `field: value` on one line, not too long. */
export function written(field: string, value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const line = `${field}: ${text.replaceAll(/\s+/g, ' ')}`;
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
