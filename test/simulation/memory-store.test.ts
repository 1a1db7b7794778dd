import { systemClock } from '../../src/platform/clock.ts';
import type { Store } from '../../src/store/store.ts';
import { describeStoreContract } from '../support/store/store-contract.ts';
import { createMemoryStore } from './memory-store.ts';

describeStoreContract('memory', async () => async () => answeringLater());

/** As the engine meets it: no answer comes before the next turn. */
function answeringLater(): Store {
  const calls = Object.entries(createMemoryStore(systemClock)).filter(
    (entry): entry is [string, (...given: never[]) => unknown] => typeof entry[1] === 'function',
  );
  return Object.fromEntries(
    calls.map(([name, call]) => [name, async (...given: never[]) => call(...given)]),
  ) as unknown as Store;
}
