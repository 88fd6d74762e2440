import { runTool } from '../system/run-command.ts';
import type { Check, CheckResult } from './check.ts';

interface CruiseReport {
  summary: {
    totalCruised: number;
    violations: {
      from: string;
      to: string;
      rule: { name: string };
      cycle?: { name: string }[];
      comment?: string;
    }[];
    ruleSetUsed?: { forbidden?: { name: string; comment?: string }[] };
  };
}

/** Findings of a dependency-cruiser JSON report; a report on no module at all is itself a finding. */
export function readCruiseReport(text: string): CheckResult {
  const { summary } = JSON.parse(text) as CruiseReport;
  if (summary.totalCruised === 0)
    return { problems: ['dependency-cruiser read 0 modules'], scope: '0 modules' };
  const reasons = new Map(summary.ruleSetUsed?.forbidden?.map((rule) => [rule.name, rule.comment ?? '']));
  const problems = summary.violations.map(({ from, to, rule, cycle }) => {
    const path = cycle ? cycle.map((step) => step.name).join(' → ') : to;
    return `${from} → ${path}\n  ${rule.name}: ${reasons.get(rule.name) ?? ''}`;
  });
  return { problems, scope: `${summary.totalCruised} modules` };
}

/** The package table and the other import rules of .dependency-cruiser.cjs. */
export const boundaries: Check = {
  name: 'boundaries',
  run: async () => {
    const tool = 'dependency-cruiser/bin/dependency-cruiser.mjs';
    const result = await runTool(tool, ['--output-type', 'json', 'packages', 'scripts', 'tests', 'bench']);
    return result.stdout.startsWith('{')
      ? readCruiseReport(result.stdout)
      : { problems: [result.output.trim() || 'dependency-cruiser said nothing'], scope: '0 modules' };
  },
};
