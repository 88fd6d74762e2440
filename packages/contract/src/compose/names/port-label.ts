/** Container label with the port that requests go to: in a rollout, two versions of a service run side by side. */
export const portLabel = 'playhouse.port';
