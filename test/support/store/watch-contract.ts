import assert from 'node:assert/strict';
import { initialState } from '../../../src/core/deployment/deployment-state.ts';
import { nothingWatched, type WatchedSeconds } from '../../../src/core/gates/watch-seconds.ts';
import type { Scope } from '../../../src/core/model/ids.ts';
import type { Store } from '../../../src/store/store.ts';
import { aNewDeployment, anAuditEntry, aSummary } from './deployment-request.ts';

const scope = 'production/web' as Scope;

function watchedUntil(second: number): WatchedSeconds {
  return { ...nothingWatched(null), nextSecond: second };
}

async function seenFor(store: Store, outcomeKey: string): Promise<unknown> {
  const saved = await store.saveProgress({
    ...{ deployment: 1, resumption: 0, state: initialState, outcomeKey, audit: [] },
  });
  return saved.watched;
}

/** What a store must do with what watches have seen. */
export const watchContract: Readonly<Record<string, (store: Store) => Promise<void>>> = {
  'what a watch has seen last is told to the same command, and to no other': async (store) => {
    await store.admitDeployment(aNewDeployment());
    assert.deepEqual(await seenFor(store, 'judge ended'), {});

    for (const second of [60, 120]) {
      await store.keepWatch({
        ...{ deployment: 1, scope, outcomeKey: 'judge ended', watched: watchedUntil(second) },
      });
    }

    assert.deepEqual(await seenFor(store, 'judge ended'), { [scope]: watchedUntil(120) });
    assert.deepEqual(await seenFor(store, 'shift ended'), {});
  },
  'a watch of the next command takes the place of the one before': async (store) => {
    await store.admitDeployment(aNewDeployment());
    for (const outcomeKey of ['judge-50 ended', 'judge-100 ended']) {
      await store.keepWatch({ deployment: 1, scope, outcomeKey, watched: watchedUntil(60) });
    }

    assert.deepEqual(await seenFor(store, 'judge-50 ended'), {});
    assert.deepEqual(await seenFor(store, 'judge-100 ended'), { [scope]: watchedUntil(60) });
  },
  'of a deployment that has ended nothing is kept, and that is no failure': async (store) => {
    await store.admitDeployment(aNewDeployment());
    await store.endDeployment({
      ...{ deployment: 1, status: 'promoted', state: initialState, summary: aSummary(), audit: [] },
      refusalOf: () => anAuditEntry(),
    });

    await store.keepWatch({
      ...{ deployment: 1, scope, outcomeKey: 'judge ended', watched: watchedUntil(60) },
    });
  },
};
