// Names on disk that belong to the engine. docs/on-disk.md documents each.
import type { Configuration } from '@playhouse/contract/configuration';
import { sharedPaths } from '@playhouse/contract/state-directory';

export type EnginePaths = ReturnType<typeof enginePaths>;

/** All paths below the state directory that the engine reads or writes. */
export function enginePaths(configuration: Pick<Configuration, 'stateDirectory'>) {
  const { root, run, linkSocket } = sharedPaths(configuration);
  return {
    root,
    run,
    linkSocket,
    installation: `${root}/engine/installation.json`,
    engine: `${root}/engine`,
    /** Accepted commands and their latest report, one file per operation. */
    operations: `${root}/engine/operations`,
    accelerator: `${root}/engine/accelerator.json`,
    engineSocket: `${run}/engine.lock`,
    /** What opens repositories and registries, by whose it is, sealed. */
    credentials: `${root}/engine/credentials.json`,
    /** Credentials of registries of the playroom itself, sealed, and the key that opens them. */
    registries: `${root}/engine/registries.json`,
    secretsKey: `${root}/engine/secrets.key`,
    /** The embedded vault, and the key of whatever vault the installation has. */
    vault: `${root}/vault`,
    vaultKey: `${root}/engine/vault.key`,
    /** What is still to be taken out of the vault. */
    vaultRemovals: `${root}/engine/vault-removals.json`,
    sources: `${root}/sources`,
    /** Layers of images as their registries have them. */
    blobs: `${root}/sources/blobs`,
    kernels: `${root}/kernels`,
    layers: `${root}/layers`,
    snapshots: `${root}/snapshots`,
    /** What was found different, one file per comparison; the newest few. */
    comparisons: `${root}/engine/comparisons`,
    playgrounds: `${root}/playgrounds`,
    /** Playgrounds of Compose services, one folder each. */
    services: `${root}/services`,
    /** Values that belong to volumes which outlive playgrounds, sealed, one file per playspec. */
    lastingValues: `${root}/engine/lasting-values`,
    /** Volumes of playgrounds that are not known, and for how long they have been kept. */
    orphanedVolumes: `${root}/engine/orphaned-volumes.json`,
    /** Data of a Docker Engine of our own, and the Docker client. */
    dockerData: `${root}/docker/data`,
    dockerClient: `${root}/docker/client`,
    dockerRun: `${run}/docker`,
    /** Commands that run in containers, an empty file each. */
    execs: `${run}/execs`,
    /** Certificates of the ingress, and where it runs. */
    ingress: `${root}/ingress`,
    ingressRun: `${run}/ingress`,
    /** Traefik, where it was taken out of an image. */
    traefikProgram: `${root}/ingress/traefik-program`,
    playground: (id: string) => `${root}/playgrounds/${id}`,
    playgroundRecord: (id: string) => `${root}/playgrounds/${id}/playground.json`,
    journal: (id: string, operation: string) => `${root}/playgrounds/${id}/journal-${operation}.jsonl`,
    /** Logs of init tasks, and what they printed for those that need them. */
    tasks: (id: string) => `${root}/playgrounds/${id}/tasks`,
    machine: (id: string, machine: string) => `${root}/playgrounds/${id}/machines/${machine}`,
    /** Sockets and pid files of one machine; short, because a socket’s path may have 107 characters at most. */
    machineRun: (id: string, index: number) => `${run}/${id}-${index}`,
  } as const;
}
