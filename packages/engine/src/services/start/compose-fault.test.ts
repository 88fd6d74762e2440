import { expect, test } from 'vitest';
import { composeFault } from './compose-fault.ts';

const progress = ` Network pg-1-shop_default  Creating
 Network pg-1-shop_default  Created
 Volume "pg-1-shop_data"  Creating
 Volume "pg-1-shop_data"  Created
 Container pg-1-shop-db-1  Creating
 Container pg-1-shop-db-1  Created
 Container pg-1-shop-db-1  Starting
 Container pg-1-shop-db-1  Started
 Container pg-1-shop-db-1  Waiting
 Container pg-1-shop-db-1  Error
`;

test('a fault is told without the progress before it', () => {
  const fault = 'dependency failed to start: container pg-1-shop-db-1 is unhealthy';
  expect(composeFault(`${progress}${fault}\n`)).toBe(fault);
});

test('lines that say more than how far a thing is stay', () => {
  const fault = `Container pg-1-shop-db-1  Error while Stopping
Error response from daemon: Container pg-1-shop-db-1 is not running: Created`;
  expect(composeFault(`${progress} ${fault}`)).toBe(fault);
});

test('when there is nothing but progress, its end is told', () => {
  expect(composeFault(progress)).toContain('Container pg-1-shop-db-1  Error');
});
