/** What the names of all images begin with that the platform builds. No registry has them, and no Compose file may name one. */
export const ownImagePrefix = 'playhouse.internal/';
