import { defaultDriveBytes, drivesLimit, machineDrivesLimit } from './drive.ts';
import { machinesLimit } from './machine.ts';
import type { PlaygroundSpec } from './manifest.ts';
import type { ManifestIssue, ManifestPath } from './manifest-issue.ts';
import { repeats } from './repeats.ts';
import { formatSize } from './size.ts';

type Machine = NonNullable<PlaygroundSpec['machines']>[number];

/** Rules inside machines: names, users, drives, startup files. */
export function checkMachines(machines: readonly Machine[]): ManifestIssue[] {
  const top = ['playground', 'machines'] as const;
  const issues: ManifestIssue[] = [];
  if (machines.length > machinesLimit) {
    const parameters = { count: machines.length, limit: machinesLimit };
    issues.push({ code: 'manifest-too-many-machines', path: [...top, machinesLimit], parameters });
  }
  for (const { item, index } of repeats(machines, ({ name }) => name)) {
    issues.push({
      code: 'manifest-duplicate-machine',
      path: [...top, index, 'name'],
      parameters: { name: item.name },
    });
  }
  const total = machines
    .flatMap(({ drives }) => drives)
    .reduce((sum, { size = defaultDriveBytes }) => sum + size, 0);
  if (total > drivesLimit) {
    const parameters = {
      total: formatSize(total),
      limit: formatSize(drivesLimit),
      usual: formatSize(defaultDriveBytes),
    };
    issues.push({ code: 'manifest-drives-too-large', path: top, parameters });
  }
  return [
    ...issues,
    ...machines.flatMap((machine, index) => [
      ...checkUsers(machine, [...top, index, 'users']),
      ...checkDrives(machine, [...top, index, 'drives']),
      ...checkFiles(machine, [...top, index, 'startupFiles']),
    ]),
  ];
}

function checkUsers({ name: machine, users }: Machine, path: ManifestPath): ManifestIssue[] {
  const defaults = repeats(users, (user) => (user.default === true ? 'default' : undefined));
  return [
    ...repeats(users, ({ name }) => name).map(({ item, index }) => ({
      code: 'manifest-duplicate-user' as const,
      path: [...path, index, 'name'],
      parameters: { machine, name: item.name },
    })),
    ...defaults.map(({ item, index, first }) => ({
      code: 'manifest-two-default-users' as const,
      path: [...path, index, 'default'],
      parameters: { machine, name: item.name, first: first.name },
    })),
  ];
}

function checkDrives({ name: machine, drives }: Machine, path: ManifestPath): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  if (drives.length > machineDrivesLimit) {
    const parameters = { machine, count: drives.length, limit: machineDrivesLimit };
    issues.push({ code: 'manifest-too-many-drives', path: [...path, machineDrivesLimit], parameters });
  }
  if (!drives.some(({ mount }) => mount === '/')) {
    issues.push({ code: 'manifest-no-root-drive', path, parameters: { machine } });
  }
  for (const { item, index } of repeats(drives, ({ mount }) => mount)) {
    const code = item.mount === '/' ? 'manifest-two-root-drives' : 'manifest-duplicate-mount';
    issues.push({ code, path: [...path, index, 'mount'], parameters: { machine, mount: item.mount ?? '' } });
  }
  for (const [index, { mount, source, snapshot, readOnly }] of drives.entries()) {
    const at = [...path, index];
    const hidden = ['/dev', '/proc', '/run', '/sys'].find((top) => `${mount ?? ''}/`.startsWith(`${top}/`));
    if (hidden !== undefined) {
      issues.push({
        code: 'manifest-hidden-mount',
        path: [...at, 'mount'],
        parameters: { machine, mount: mount ?? '', hidden },
      });
    }
    if (mount === '/' && source === undefined) {
      issues.push({ code: 'manifest-root-drive-source', path: [...at, 'mount'], parameters: { machine } });
    }
    if (mount === '/' && readOnly) {
      issues.push({
        code: 'manifest-root-drive-read-only',
        path: [...at, 'readOnly'],
        parameters: { machine },
      });
    }
    if ((source === 'snapshot') !== (snapshot !== undefined)) {
      issues.push({
        code: 'manifest-snapshot-drive',
        path: [...at, snapshot === undefined ? 'source' : 'snapshot'],
        parameters: {},
      });
    }
  }
  return issues;
}

function checkFiles({ name: machine, startupFiles = [] }: Machine, path: ManifestPath): ManifestIssue[] {
  return repeats(startupFiles, ({ path: file }) => file)
    .filter(({ item }) => !item.append)
    .map(({ item, index }) => ({
      code: 'manifest-duplicate-file' as const,
      path: [...path, index, 'path'],
      parameters: { machine, path: item.path },
    }));
}
