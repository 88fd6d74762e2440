import { expect, test } from 'vitest';
import { chosenServices } from './chosen-services.ts';
import { planServices } from './plan-services.ts';

const { plan } = planServices({
  services: {
    web: { image: 'w:1' },
    tools: { image: 't:1', profiles: ['tools', 'debug'] },
    mail: { image: 'm:1', profiles: ['mail'] },
  },
});
const namesWith = (...profiles: string[]) => chosenServices(plan, profiles).services.map(({ name }) => name);

test('services of profiles are there when one of theirs is chosen', () => {
  expect(namesWith()).toEqual(['web']);
  expect(namesWith('debug')).toEqual(['web', 'tools']);
  expect(namesWith('mail', 'other')).toEqual(['web', 'mail']);
  expect(namesWith('*')).toEqual(['web', 'tools', 'mail']);
});
