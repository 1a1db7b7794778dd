import assert from 'node:assert/strict';
import { initialState } from '../../../src/core/deployment/deployment-state.ts';
import type { PoolId } from '../../../src/core/model/ids.ts';
import type { Store } from '../../../src/store/store.ts';
import { anApiBeforeWeb } from '../several-services.ts';
import { aNewDeployment, anAuditEntry, aSummary } from './deployment-request.ts';

/** What a store must do with a deployment of several services. */
export const servicesContract: Readonly<Record<string, (store: Store) => Promise<void>>> = {
  'a deployment of several services is that of each, and keeps others from all of them': async (
    store,
  ) => {
    const [api, web] = anApiBeforeWeb();
    const both = aNewDeployment({ plans: { services: [api, web] } });
    assert.equal((await store.admitDeployment(both)).kind, 'admitted');

    for (const alone of [api, web]) {
      const plans = { deployment: 2, services: [alone] } as const;
      const busy = await store.admitDeployment(aNewDeployment({ plans }));
      const scope = `production/${alone.service}`;
      assert.deepEqual(busy, { kind: 'busy', running: 1, scope });
      const [last] = await store.listDeployments({ scope, limit: 1 });
      assert.equal(last?.number, 1);
      const pool = await store.findDeploymentOfPool(`production.${alone.service}.1` as PoolId);
      assert.equal(pool?.number, 1);
    }
    assert.equal((await store.listDeployments({ limit: 9, environment: 'production' })).length, 1);
    await store.endDeployment({
      ...{ deployment: 1, status: 'promoted', state: initialState, summary: aSummary(), audit: [] },
      refusalOf: () => anAuditEntry(),
    });
    const plans = { deployment: 2, services: [web] } as const;
    assert.equal((await store.admitDeployment(aNewDeployment({ plans }))).kind, 'admitted');
    assert.deepEqual(
      (await store.listLatestByScope()).map(({ scope, deployment }) => [scope, deployment.number]),
      [
        ['production/api', 1],
        ['production/web', 2],
      ],
    );
  },
  'a freeze over any of its services is told to a deployment': async (store) => {
    await store.admitDeployment(aNewDeployment({ plans: { services: anApiBeforeWeb() } }));
    const about = { environment: 'production', actor: 'local:ada', reason: 'audit', until: null };
    const services = ['web', 'mail'].map((service) => ({ ...about, service }));
    await store.addFreezes(services, (freeze) =>
      anAuditEntry({ deployment: null, body: { kind: 'FreezeBegan', freeze } }),
    );

    const { freezes } = await store.saveProgress({
      ...{ deployment: 1, resumption: 0, state: initialState, outcomeKey: 'a ended', audit: [] },
    });

    assert.deepEqual(
      freezes.map(({ service }) => service),
      ['web'],
    );
  },
};
