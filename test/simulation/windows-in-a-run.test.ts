import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bringsForward } from '../../src/core/deployment/closure.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { WEEKDAYS } from '../../src/core/windows/deployment-window.ts';
import { windowsOpenAt } from '../../src/core/windows/windows-at.ts';
import { aSimulatedPlan } from './a-simulated-plan.ts';
import { ask } from './ask.ts';
import { followRun, type FollowedRun, type Intervention } from './follow-run.ts';
import { causeOf, strike, told } from './told.ts';

const CLOSES_MS = 60_000;
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
function pausing(step: string, forMs = 65_000): Intervention {
  return {
    when: (now) => now.step === step,
    act: (parts) => void ask(parts, { ...who, kind: 'pause', forMs }),
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

test('a controller that is killed as its windows close goes no further outside of them, whatever it had sent', async () => {
  const forMs = 50_000;
  const early = await followRun(plan, { interventions: [pausing('judge-50', forMs)] });
  const sent = told(early, 'CommandIssued').find(({ step }) => step === 'shift-100');
  const untilClose = pausing('judge-50', forMs + CLOSES_MS - 50 - (sent?.atMs ?? 0));

  for (const call of ['target.observe', 'balancer.apply', 'store.recordOutcome']) {
    const run = await followRun(plan, {
      interventions: [untilClose],
      faults: [{ fault: 'killed-after', step: 'shift-100', call }],
    });

    const before = run.moments.filter(({ atMs }) => atMs < CLOSES_MS);
    const outside = run.moments.filter(({ atMs }) => atMs >= CLOSES_MS && atMs < OPENS_MS);
    const share = before.at(-1)?.weights.candidate ?? 0;
    assert.ok(
      outside.every(({ weights }) => weights.candidate <= share),
      call,
    );
    assert.equal(told(run, 'CommandWithheld').length, 1, call);
    // What may have acted is not known to be in force, and is not asked for outside of the windows.
    assert.equal(run.status, call === 'balancer.apply' ? 'reverted' : 'promoted', call);
  }
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
