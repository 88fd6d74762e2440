import type { ServicePlan } from '../supervisor/plan.ts';

export function unitName(service: string): string {
  return `playhouse-${service}.service`;
}

/** The unit file of a service. Machines must outlive their engine, hence KillMode=process. */
export function renderUnit(service: ServicePlan): string {
  const environment = Object.entries(service.environment).map(
    ([name, value]) => `Environment=${quote(`${name}=${value}`)}`,
  );
  const lines = [
    '[Unit]',
    `Description=Playhouse ${service.name}`,
    'After=network-online.target',
    'Wants=network-online.target',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    `ExecStart=${service.argv.map(quote).join(' ')}`,
    ...environment,
    'KillMode=process',
    ...(service.name === 'engine' ? ['Delegate=yes'] : []),
    'Restart=always',
    'RestartSec=1',
    'TimeoutStopSec=15',
    `StandardOutput=append:${service.logFile}`,
    'StandardError=inherit',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return `${lines.join('\n')}\n`;
}

/** Quotes a word for a unit file; `%` and `$` would be expanded. */
function quote(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$');
  return /[\s"'\\]/.test(word) ? `"${escaped}"` : escaped;
}
