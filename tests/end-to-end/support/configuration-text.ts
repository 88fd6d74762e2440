// The configuration file of an installation of a test.
import { randomInt } from 'node:crypto';
import type { InstallationOptions } from './installation-options.ts';

/** Its text; `extra` is YAML lines for `engine:`. */
export function configurationText(
  place: { readonly state: string; readonly port: number },
  options: InstallationOptions,
  extra: readonly string[],
): string {
  const {
    memoryBudgetMiB,
    bootTimeoutSeconds,
    engine = [],
    vault = [],
    proxy,
    domain,
    traefikImage,
    hostPolicy,
  } = options;
  const lines = [
    `stateDirectory: ${place.state}`,
    'server:',
    `  port: ${place.port}`,
    '  user: nobody',
    'engine:',
    '  machineUser: nobody',
    ...(options.hostNetwork ? [`  edgeRange: 100.${randomInt(65, 127)}.0.0/20`] : []),
    ...(memoryBudgetMiB === undefined ? [] : [`  memoryBudgetMiB: ${memoryBudgetMiB}`]),
    ...(bootTimeoutSeconds === undefined ? [] : [`  bootTimeoutSeconds: ${bootTimeoutSeconds}`]),
    ...[...engine, ...extra].map((line) => `  ${line}`),
    ...(vault.length > 0 ? ['vault:', ...vault.map((line) => `  ${line}`)] : []),
    ...(hostPolicy === undefined ? [] : ['compose:', `  hostPolicy: ${hostPolicy}`]),
    ...(proxy === undefined && domain === undefined ? [] : ['ingress:']),
    ...(proxy === undefined ? [] : [`  proxy: ${proxy}`]),
    ...(domain === undefined ? [] : [`  domain: ${domain}`]),
    ...(traefikImage === undefined ? [] : [`  traefikImage: ${traefikImage}`]),
  ];
  return `${lines.join('\n')}\n`;
}
