// A whole installation whose addresses Caddy serves.
import { describeServedLife } from './support/served-life.ts';
import { describeWhoIsLetIn } from './support/who-is-let-in.ts';

describeServedLife('caddy');
describeWhoIsLetIn('caddy');
