import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringsForward } from '../../src/core/deployment/closure.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { WEEKDAYS } from '../../src/core/windows/deployment-window.ts';
import { windowsOpenAt } from '../../src/core/windows/windows-at.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { ask } from './ask.ts';
import { followRun, type FollowedRun, type Intervention } from './follow-run.ts';
import { causeOf, strike } from './told.ts';

const OPENS_MS = 120_000;
/** The first minute of a run, and the third to the tenth. */
const windows = [
  [
    { days: WEEKDAYS, fromMinute: 0, toMinute: 1, timeZone: 'UTC' },
    { days: WEEKDAYS, fromMinute: 2, toMinute: 10, timeZone: 'UTC' },
  ],
];
const plan = inWindows(aSimulatedPlan());
const steps = plan.steps.map(({ id }) => id);
const beforeReturn = steps.slice(0, steps.indexOf('settle-split'));
const who = { actor: 'local:eve', reason: 'lunch' };

function inWindows(of: Plan): Plan {
  const [first, ...others] = of.services;
  return { ...of, services: [{ ...first, windows }, ...others] };
}

/** A pause that ends outside of the windows. */
function pausing(step: string): Intervention {
  return {
    when: (now) => now.step === step,
    act: (parts) => void ask(parts, { ...who, kind: 'pause', forMs: 65_000 }),
  };
}

/** When commands that bring the release further were begun. */
function begunAt({ audit }: FollowedRun): readonly number[] {
  const withheld = new Set(
    audit.flatMap(({ body }) =>
      body.kind === 'CommandWithheld' ? [`${body.step} ${body.token.sequence}`] : [],
    ),
  );
  return audit.flatMap(({ atMs, body }) =>
    body.kind === 'CommandIssued' &&
    bringsForward(body.action) &&
    !withheld.has(`${body.step} ${body.token.sequence}`)
      ? [atMs]
      : [],
  );
}

const isOpen = (atMs: number): boolean => windowsOpenAt(windows, atMs);

test('whenever its windows close, nothing goes further until they open, and then all goes on by itself', async () => {
  for (const step of beforeReturn) {
    const run = await followRun(plan, { interventions: [pausing(step)] });

    assert.equal(run.status, 'promoted', step);
    assert.ok(begunAt(run).every(isOpen), step);
    assert.equal(run.audit.filter(({ body }) => body.kind === 'CommandWithheld').length, 1, step);
    assert.ok(run.endedMs >= OPENS_MS, step);
    const thawed = run.audit.find(({ body }) => body.kind === 'DeploymentThawed');
    // It is looked every second.
    assert.ok(thawed && thawed.atMs < OPENS_MS + 5_000, step);
  }
});

test('a controller that is killed while it waits for a window is followed by one that heeds it', async () => {
  const run = await followRun(plan, {
    interventions: [pausing('judge-50')],
    faults: [{ fault: 'killed-before', step: 'freeze', after: 5 }],
  });

  assert.ok(begunAt(run).every(isOpen));
  assert.equal(run.status, 'promoted');
});

test('an abort outside of windows takes all traffic away at once', async () => {
  const run = await followRun(plan, {
    interventions: [
      pausing('judge-50'),
      { when: ({ step }) => step === 'freeze', act: strike('aborted') },
    ],
  });

  assert.equal(run.status, 'reverted');
  assert.equal(causeOf(run), 'aborted');
  assert.ok(run.endedMs < OPENS_MS, 'it waits for nothing');
});

test('an override lets it go on until the windows open, on record with what it was for', async () => {
  const run = await followRun(plan, {
    interventions: [
      pausing('judge-50'),
      {
        when: ({ step }) => step === 'freeze',
        act: (parts) => void ask(parts, { ...who, kind: 'resume', override: true }),
      },
    ],
  });

  assert.equal(run.status, 'promoted');
  assert.ok(run.endedMs < OPENS_MS);
  const overridden = run.audit.flatMap(({ body }) =>
    body.kind === 'FreezeOverridden' ? [body.closure.outside?.opensAtMs] : [],
  );
  assert.deepEqual(overridden, [OPENS_MS]);
});

test('a rollback and a repair heed no windows', async () => {
  for (const shape of ['rollback', 'repair'] as const) {
    const run = await followRun(inWindows(aSimulatedPlan(shape)), {
      interventions: [pausing('start-candidate')],
    });

    assert.equal(run.status, 'promoted', shape);
    assert.ok(run.endedMs < OPENS_MS, shape);
  }
});
