// A whole installation whose addresses Traefik serves.
import { describeServedLife } from './support/served-life.ts';
import { describeWhoIsLetIn } from './support/who-is-let-in.ts';

describeServedLife('traefik');
describeWhoIsLetIn('traefik');
