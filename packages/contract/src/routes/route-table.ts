// Every HTTP route of the API, declared once: the server registers this table, the client calls through it, the OpenAPI
// document is generated from it.
import { accountRoutes } from './account-routes.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { credentialRoutes } from './credential-routes.ts';
import { lifeRoutes } from './life-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { playgroundRoutes } from './playground-routes.ts';
import { playspecRoutes } from './playspec-routes.ts';
import { playspecSnapshotRoutes } from './playspec-snapshot-routes.ts';
import { forkRoutes } from './fork-routes.ts';
import { servicesRoutes } from './services-routes.ts';
import { snapshotRoutes } from './snapshot-routes.ts';
import { sourceRoutes } from './source-routes.ts';
import { systemRoutes } from './system-routes.ts';

export const routeTable = {
  ...playgroundRoutes,
  ...lifeRoutes,
  ...servicesRoutes,
  ...forkRoutes,
  ...operationRoutes,
  ...playspecRoutes,
  ...playspecSnapshotRoutes,
  ...snapshotRoutes,
  ...catalogRoutes,
  ...accountRoutes,
  ...credentialRoutes,
  ...sourceRoutes,
  ...systemRoutes,
} as const;

export type RouteTable = typeof routeTable;
export type RouteName = keyof RouteTable;
