import { type CheckResult, runCheck } from '../../doctor/check.ts';
import { hostChecks } from '../../doctor/host-checks.ts';
import { platformChecks } from '../../doctor/platform-checks.ts';
import { renderDoctor } from '../../doctor/render.ts';
import { print } from '../../output/print.ts';
import { styleFor } from '../../output/style.ts';
import type { Context } from '../../program/context.ts';
import { describeInstallation } from '../../setup/installation.ts';

/** `playhouse doctor`: every check runs, whatever the others found. */
export async function doctor(context: Context): Promise<number> {
  const installation = await describeInstallation(context);
  const connection = await context.connect();
  const checks = {
    ...hostChecks(installation, context.codeRoot),
    ...platformChecks({ installation, connection, codeRoot: context.codeRoot }),
  };
  const entries = Object.entries(checks);
  const results: CheckResult[] = (
    await Promise.all(entries.map(([name, check]) => runCheck(name, check)))
  ).flat();
  const healthy = results.every(({ verdict }) => verdict !== 'broken');
  await print(context, { healthy, checks: results }, () =>
    renderDoctor(results, styleFor(context.stdout, context.environment)),
  );
  return healthy ? 0 : 1;
}
