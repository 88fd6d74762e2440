import { z } from 'zod';
import { policyLevels, type PolicyLevel, policyRules, type PolicyRuleName } from './policy-rules.ts';

export const policyRuleNames = Object.keys(policyRules) as readonly PolicyRuleName[];

/** What an administrator says about some of the rules; the others keep their defaults. */
export const hostPolicySchema = z
  .partialRecord(z.enum(policyRuleNames), z.enum(policyLevels))
  .describe('What Compose files may ask of the host, by rule: deny, warn or allow (docs/compose.md)');

export type HostPolicy = Readonly<Partial<Record<PolicyRuleName, PolicyLevel>>>;

/** What holds for a rule: `allow` lets it through, `warn` tells it, `deny` refuses the file. */
export function levelOf(policy: HostPolicy, rule: PolicyRuleName): PolicyLevel {
  return policy[rule] ?? policyRules[rule].level;
}

/** Whether what the rule is about is left out of the final file. */
export function isRemoved(policy: HostPolicy, rule: PolicyRuleName): boolean {
  return 'removed' in policyRules[rule] && levelOf(policy, rule) !== 'allow';
}

/** Reads `privileged=warn sysctl=allow`, as the configuration has it; undefined when a word is no rule with a level. */
export function parseHostPolicy(text: string): HostPolicy | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const policy = hostPolicySchema.safeParse(
    Object.fromEntries(words.map((word) => word.split('=', 2) as [string, string])),
  );
  return policy.success && words.every((word) => /^[^=]+=[^=]+$/.test(word)) ? policy.data : undefined;
}
