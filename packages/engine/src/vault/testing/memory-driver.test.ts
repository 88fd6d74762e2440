import { describe } from 'vitest';
import { describeVaultDriver } from '../vault-driver.contract.ts';
import { MemoryDriver } from './memory-driver.ts';

describe('the driver of tests', () => {
  describeVaultDriver(async () => new MemoryDriver());
});
