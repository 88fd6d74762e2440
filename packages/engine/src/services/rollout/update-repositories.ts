import type { Step } from '../../operations/step.ts';
import { recordOf, type ServicesContext } from '../services-context.ts';
import { checkoutOf, eachCheckout, nameOf } from '../start/clone-repositories.ts';
import { isProduction } from '../start/planned-image.ts';

/** Takes up what the branches have that is new, or goes over to others. Never is anybody’s work overwritten. */
export const updateRepositories: Step<ServicesContext> = {
  label: 'Updating repositories',
  run: async (context, voice) => {
    await eachCheckout(context, voice, async (checkout, source) => {
      const { service, wish } = source;
      const { url } = source.repository;
      const name = nameOf(source);
      if (!(await checkout.clone({ url, ...wish }, voice.signal))) return;
      const { branch } = wish;
      if (branch !== null) await checkout.switchTo(name, { url, ...wish, branch }, voice.signal);
      const { standing, dirty, inTheWay } = await checkout.sync(url, { take: true }, voice.signal);
      for (const file of inTheWay)
        voice.log(
          `${name}: what is new would overwrite ${file}, which Git ignores: it is rolled out as it is`,
        );
      if (dirty)
        voice.log(
          service !== null && isProduction(recordOf(context), service)
            ? `${name}: somebody works in it: nothing new is taken up, and what is not committed is left out`
            : `${name}: somebody works in it: it is rolled out as it is`,
        );
      if (standing === 'diverged')
        voice.log(`${name}: its history is another than the branch’s: left as it is`);
    });
  },
  // The record still says what the version that goes on was made of. A branch that was left is here: nothing is fetched.
  undo: async (context) => {
    const { signal } = new AbortController();
    for (const [name, { branch }] of Object.entries(context.tools.records.find(context.id)?.parts ?? {}))
      if (branch !== null)
        await checkoutOf(context, name).switchTo(name, { url: '', branch, newFrom: null }, signal);
  },
};
