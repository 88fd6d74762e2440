// All that Docker knows of containers and that somebody who looks for a fault may want to know.
import { z } from 'zod';
import type { DockerApi } from './docker-api.ts';

const inspectSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Image: z.string(),
  RestartCount: z.int().default(0),
  Config: z.object({
    Image: z.string(),
    Tty: z.boolean().default(false),
    Labels: z.record(z.string(), z.string()).nullable(),
  }),
  State: z.object({
    Status: z.string(),
    Running: z.boolean(),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.int(),
    Error: z.string().default(''),
    StartedAt: z.string(),
    FinishedAt: z.string(),
    Health: z
      .object({ Status: z.string(), Log: z.array(z.object({ Output: z.string() })).nullish() })
      .nullish(),
  }),
  NetworkSettings: z.object({
    Networks: z.record(z.string(), z.object({ IPAddress: z.string() })).nullish(),
  }),
});

export type ContainerDetails = ReturnType<typeof readDetails>;

/** Details of all containers that carry a label, running or not. One that goes meanwhile is left out. */
export async function containerDetails(api: DockerApi, label: string): Promise<readonly ContainerDetails[]> {
  const found = await api.containerIds(label);
  const all = await Promise.all(found.map(async (id) => await api.ask(`/containers/${id}/json`)));
  return all.flatMap((each) => (each === null ? [] : [readDetails(each)]));
}

function readDetails(inspected: unknown) {
  const { Id, Name, Image, RestartCount, Config, State, NetworkSettings } = inspectSchema.parse(inspected);
  return {
    id: Id,
    service: Config.Labels?.['com.docker.compose.service'] ?? '',
    /** As in `pg-42-shop-web-1`. */
    name: Name.replace(/^\//, ''),
    image: Config.Image,
    imageId: Image,
    tty: Config.Tty,
    status: State.Status,
    running: State.Running,
    exitCode: State.Running || State.Status === 'created' ? null : State.ExitCode,
    outOfMemory: State.OOMKilled,
    restarts: RestartCount,
    startedAt: momentOf(State.StartedAt),
    finishedAt: momentOf(State.FinishedAt),
    error: State.Error || null,
    health: State.Health && State.Health.Status !== 'none' ? State.Health.Status : null,
    healthOutput: State.Health?.Log?.at(-1)?.Output.trim() ?? null,
    networks: Object.entries(NetworkSettings.Networks ?? {}).map(([name, { IPAddress }]) => ({
      name,
      address: IPAddress || null,
    })),
  } as const;
}

/** Docker writes the year 1 for what has not happened. */
function momentOf(text: string): string | null {
  return text.startsWith('0001-') ? null : text;
}
