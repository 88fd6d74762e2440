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
