// What is shown at addresses that lead nowhere.
import type { Page } from './ingress-driver.ts';

/** No playground has the address. */
export const nobodyHere: Page = {
  kind: 'page',
  status: 404,
  title: 'There is nothing at this address',
  text: 'No playground has it: it may have been stopped or destroyed, or be called otherwise.',
};

/** There is a service, but it does not accept connections, or breaks them off. */
export const didNotAnswer: Page = {
  kind: 'page',
  status: 502,
  title: 'The service does not answer',
  text: 'It runs, but does not answer at its port. It may be starting again, or listen elsewhere, or on 127.0.0.1 only, which cannot be reached from outside of its container.',
  again: 5,
};
