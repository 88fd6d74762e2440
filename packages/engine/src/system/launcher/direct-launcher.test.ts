import { directLauncher } from './direct-launcher.ts';
import { describeLauncher } from './launcher.contract.ts';

describeLauncher(async () => await Promise.resolve(directLauncher));
