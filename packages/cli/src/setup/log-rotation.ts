/**
 * What logrotate does with the logs of services that systemd keeps. They are copied and emptied, since the services hold
 * them open. Our own supervisor rotates by itself.
 */
export function renderLogRotation(files: readonly string[]): string {
  const rules = ['weekly', 'maxsize 10M', 'rotate 4', 'copytruncate', 'missingok', 'notifempty'];
  return `${files.join(' ')} {\n${rules.map((rule) => `  ${rule}\n`).join('')}}\n`;
}
