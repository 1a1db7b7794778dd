import { systemClock } from '../../src/platform/clock.ts';
import { describeStoreContract } from '../support/store/store-contract.ts';
import { createMemoryStore } from './memory-store.ts';

describeStoreContract('memory', async () => async () => createMemoryStore(systemClock));
