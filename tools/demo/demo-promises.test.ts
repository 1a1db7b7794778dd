import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadReport } from '../load/start-load.ts';
import { createTally } from '../load/tally.ts';
import { demoPromises, type DemoFacts, type JudgedDeployment } from './demo-promises.ts';
import type { DemoRow } from './demo-row.ts';

function aDeployment(
  changes: Partial<DemoRow> = {},
  others: Partial<JudgedDeployment> = {},
): JudgedDeployment {
  const row: DemoRow = {
    release: '3.0',
    outcome: 'reverted',
    requests: 1000,
    clientErrors: 0,
    idempotentErrors: 0,
    exposure: { requests: 50, budgetSeconds: 0 },
    decisionToZeroMs: 2,
    totalMs: 5000,
    ...changes,
  };
  const recorded = {
    clientErrors: row.clientErrors,
    idempotentClientErrors: row.idempotentErrors,
  };
  return { row, idempotentErrorsAfterZero: 0, recorded, ...others };
}

function recordOf(clientErrors: number): Pick<JudgedDeployment, 'recorded'> {
  return { recorded: { clientErrors, idempotentClientErrors: 0 } };
}

function aLoad(failed: number, holds = true): LoadReport {
  const figures = { rateWanted: 1, started: 1, elapsedMs: 1000, slowKinds: [] };
  const summary = { ...createTally().summary(figures), failed };
  return { summary, verification: holds ? null : { holds, problem: 'no answer' } };
}

const verified = {
  acknowledged: 9,
  missing: [],
  repeated: [],
  doneUnacknowledged: 0,
  foreign: [],
  holds: true,
};

function broken(facts: Partial<DemoFacts>): readonly string[] {
  const load = { ...aLoad(0), verification: verified };
  return demoPromises({ deployments: [aDeployment()], load, killed: true, ...facts })
    .filter(({ kept }) => !kept)
    .map(({ promise }) => promise);
}

test('a run that kept everything breaks no promise', () => {
  const good = aDeployment({ release: '2.0', outcome: 'promoted' });
  const bad = aDeployment({ clientErrors: 3, idempotentErrors: 1 });
  const load = { ...aLoad(3), verification: verified };

  assert.deepEqual(broken({ deployments: [good, bad], load }), []);
});

test('a record may say more than the load client saw, for others use the service too', () => {
  const more = aDeployment(
    { clientErrors: 3 },
    { recorded: { clientErrors: 5, idempotentClientErrors: 2 } },
  );
  const load = { ...aLoad(3), verification: verified };

  assert.deepEqual(broken({ deployments: [more], load }), []);
});

const faults: readonly [fault: string, facts: Partial<DemoFacts>, promise: RegExp][] = [
  ['a promoted bad release', { deployments: [aDeployment({ outcome: 'promoted' })] }, /bad ones/],
  ['a reverted good release', { deployments: [aDeployment({ release: '4.0' })] }, /promoted/],
  [
    'an error under a good release',
    { deployments: [aDeployment({ release: '2.0', outcome: 'promoted', clientErrors: 1 })] },
    /cost no client/,
  ],
  [
    'a failed GET after the traffic was gone',
    { deployments: [aDeployment({}, { idempotentErrorsAfterZero: 1 })] },
    /safe to repeat/,
  ],
  [
    'a failure that is not in the record',
    {
      deployments: [aDeployment({ clientErrors: 2 }, recordOf(1))],
      load: { ...aLoad(2), verification: verified },
    },
    /in the record/,
  ],
  [
    'a failure in one record that is missing in another',
    {
      deployments: [
        aDeployment({ clientErrors: 2 }, recordOf(1)),
        aDeployment({ release: '3.2', clientErrors: 2 }, recordOf(3)),
      ],
      load: { ...aLoad(4), verification: verified },
    },
    /in the record/,
  ],
  [
    'a failure that could have been repeated and is recorded as another one',
    {
      deployments: [aDeployment({ clientErrors: 2, idempotentErrors: 1 }, recordOf(2))],
      load: { ...aLoad(2), verification: verified },
    },
    /in the record/,
  ],
  [
    'a failure under no deployment, however much is recorded',
    {
      deployments: [aDeployment({ clientErrors: 1 }, recordOf(2))],
      load: { ...aLoad(2), verification: verified },
    },
    /in the record/,
  ],
  ['a kill that did not happen', { killed: false }, /killed in the middle/],
  ['a lost write', { load: aLoad(0, false) }, /exactly once/],
  ['writes that were not read back', { load: aLoad(0) }, /exactly once/],
];

for (const [fault, facts, promise] of faults) {
  test(`the demo fails for ${fault}`, () => {
    const [first = ''] = broken(facts);

    assert.match(first, promise);
  });
}
