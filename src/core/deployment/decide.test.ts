import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aborted,
  failed,
  lostAnswer,
  observed,
  succeeded,
  unreachable,
  walk,
  type Walk,
} from '../../../test/support/deployment-walk.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import { compareTokens } from '../model/fencing-token.ts';
import { failureOf } from '../failures.ts';
import type { Plan } from '../plan/plan.ts';
import { decide } from './decide.ts';
import {
  initialState,
  REVERT_SEQUENCE_FIRST,
  type Command,
  type DeploymentEvent,
} from './deployment-state.ts';

const plan = aPlan();
const retireAt = plan.steps.findIndex(({ id }) => id === plan.pointOfNoReturn);

const stepsSent = ({ commands }: Walk): readonly string[] => commands.map(({ step }) => step);

const whenAt =
  (step: string, event: DeploymentEvent) =>
  (command: Command): readonly DeploymentEvent[] => [command.step === step ? event : succeeded];

test('a deployment whose every step passes is promoted', () => {
  const { state, ...rest } = walk(plan, () => [succeeded]);

  assert.deepEqual(state.outcome, { kind: 'promoted' });
  assert.deepEqual(
    stepsSent({ state, ...rest }),
    plan.steps.map(({ id }) => id),
  );
});

for (const id of ['check-environment', 'probe-stable']) {
  test(`a failure at ${id} ends it there: nothing was changed, nothing is taken back`, () => {
    const way = walk(plan, whenAt(id, failed));

    assert.equal(way.state.outcome?.kind, 'reverted');
    assert.equal(way.state.cause?.step, id);
    assert.equal(stepsSent(way).at(-1), id);
    assert.deepEqual(way.decisions.at(-1)?.kind, 'DeploymentReverted');
  });
}

test('a driver that is lost before anything was changed ends it there, too', () => {
  const { state } = decide(plan, initialState, { kind: 'Started' });

  const { command, state: end } = decide(plan, state, {
    kind: 'DriverLost',
    failure: failureOf('internal-error', 'lost'),
  });

  assert.equal(command, null);
  assert.equal(end.outcome?.kind, 'reverted');
});

test('a release that cannot be restored is not tried for as long as an agent that is away', () => {
  const restored = (event: DeploymentEvent) =>
    walk(plan, (command) =>
      command.step === 'restore-stable'
        ? [event]
        : command.step === 'judge-10'
          ? [failed]
          : [succeeded],
    );
  const broken = restored({
    ...failed,
    failure: failureOf('instance-exited', 'ended'),
  } as DeploymentEvent);
  const away = restored(unreachable);

  assert.deepEqual([broken.state.outcome?.kind, away.state.outcome?.kind], ['held', 'held']);
  const tries = (way: typeof broken) =>
    way.commands.filter(({ step }) => step === 'restore-stable').length;
  assert.deepEqual([tries(broken), tries(away)], [10, 120]);
});

const changesFrom = plan.steps.findIndex(({ id }) => id === 'drill-revert');
for (const { id } of plan.steps.slice(changesFrom, retireAt)) {
  test(`a failure at ${id} reverts, weight 0 first`, () => {
    const way = walk(plan, whenAt(id, failed));

    assert.equal(way.state.outcome?.kind, 'reverted');
    const sent = stepsSent(way);
    assert.deepEqual(
      sent.slice(sent.indexOf(id) + 1),
      plan.revert.map((step) => step.id),
    );
  });

  test(`an abort at ${id} reverts`, () => {
    const way = walk(plan, (command) => (command.step === id ? [succeeded, aborted] : [succeeded]));

    // An abort that arrives with the last step before the point of no return comes too late.
    const expected = id === plan.steps[retireAt - 1]?.id ? 'promoted' : 'reverted';
    assert.equal(way.state.outcome?.kind, expected);
  });
}

test('a failure behind the point of no return is tried again and never reverts', () => {
  let failures = 0;
  const way = walk(plan, (command) =>
    command.step === 'retire-old' && failures++ < 5 ? [failed] : [succeeded],
  );

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.ok(!stepsSent(way).includes('zero-candidate'));
});

for (const code of ['split-differs', 'capacity-missing', 'instance-exited'] as const) {
  const refused = { ...failed, failure: failureOf(code, 'it stays') } as DeploymentEvent;

  test(`an old release whose end was refused by ${code} is returned to`, () => {
    const way = walk(plan, whenAt('retire-old', refused));

    assert.equal(way.state.outcome?.kind, 'reverted');
    assert.equal(way.state.cause?.step, 'retire-old');
  });

  test(`after an end that may have been carried out, a refusal by ${code} reverts nothing`, () => {
    let tries = 0;
    const way = walk(plan, (command) =>
      command.step !== 'retire-old'
        ? [succeeded]
        : command.purpose === 'observe'
          ? [observed(false)]
          : tries++ === 0
            ? [lostAnswer]
            : [refused],
    );

    assert.ok(tries > 1);
    assert.equal(way.state.outcome?.kind, 'held');
    assert.ok(!stepsSent(way).includes('zero-candidate'));
  });
}

test('an abort behind the point of no return is refused and recorded', () => {
  const way = walk(plan, (command) =>
    command.step === 'retire-old' ? [failed, aborted] : [succeeded],
  );

  assert.ok(way.decisions.some(({ kind }) => kind === 'AbortRefused') || way.state.outcome);
  assert.ok(!stepsSent(way).includes('zero-candidate'));
});

test('an abort that comes together with the end is refused and recorded', () => {
  const last = (steps: Plan['steps']) => steps.at(-1)?.id;
  const promoted = walk(plan, ({ step }) =>
    step === last(plan.steps) ? [succeeded, aborted] : [succeeded],
  );
  const reverted = walk(plan, ({ step }) =>
    step === last(plan.revert) ? [succeeded, aborted] : [step === 'judge-10' ? failed : succeeded],
  );

  const differs = { ...failed, failure: failureOf('state-differs', 'no') } as DeploymentEvent;
  const held = walk(plan, ({ step }) => (step === 'retire-old' ? [differs, aborted] : [succeeded]));

  for (const { decisions, state } of [promoted, reverted, held]) {
    const refusals = decisions.filter((decision) => decision.kind === 'AbortRefused');
    assert.deepEqual(
      refusals.map(({ met }) => met),
      [state.outcome?.kind],
    );
  }
  assert.equal(held.state.outcome?.kind, 'held');
});

for (const [id, events, met] of [
  ['forget-old', [succeeded, aborted, aborted], ['promoted', 'promoted']],
  ['retire-old', [aborted, succeeded], ['going-on']],
  ['check-environment', [aborted, aborted], ['reverted']],
  ['judge-10', [aborted, aborted], ['reverting']],
] as const) {
  test(`an abort that comes too late at ${id} is told what it met`, () => {
    const way = walk(plan, (command) => (command.step === id ? events : [succeeded]));

    const refusals = way.decisions.filter((decision) => decision.kind === 'AbortRefused');
    assert.deepEqual(
      refusals.map((refused) => refused.met),
      met,
    );
  });
}

test('an agent that is away for a moment is called again with a new token', () => {
  let calls = 0;
  const way = walk(plan, (command) =>
    command.step === 'shift-10' && calls++ < 3 ? [unreachable] : [succeeded],
  );
  const tries = way.commands.filter(({ step }) => step === 'shift-10');

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.deepEqual(
    tries.map(({ attempt, delayMs }) => [attempt, delayMs]),
    [
      [1, 0],
      [2, 100],
      [3, 200],
      [4, 400],
    ],
  );
});

test('an agent that stays away reverts the deployment', () => {
  const way = walk(plan, whenAt('start-candidate', unreachable));

  assert.equal(way.state.outcome?.kind, 'reverted');
});

test('after an unknown outcome nothing is sent before a look, and what is in force is not repeated', () => {
  let acts = 0;
  const way = walk(plan, (command) => {
    if (command.step !== 'shift-10') return [succeeded];
    if (command.purpose === 'observe') return [observed(true)];
    acts += 1;
    return [lostAnswer];
  });

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.equal(acts, 1);
});

test('a look keeps the token of the command it looks after, and the lease is renewed with it', () => {
  const way = walk(plan, (command) => {
    if (command.step !== 'shift-10') return [succeeded];
    return command.purpose === 'observe' ? [observed(true)] : [lostAnswer];
  });
  const [act, look] = way.commands.filter(({ step }) => step === 'shift-10');
  const judge = way.commands.find(({ step }) => step === 'judge-10');

  assert.deepEqual(act?.token, look?.token);
  assert.deepEqual(judge?.leases[0]?.token, act?.token);
});

test('what is not in force after an unknown outcome is sent again with a new token', () => {
  let acts = 0;
  const way = walk(plan, (command) => {
    if (command.step !== 'shift-10') return [succeeded];
    if (command.purpose === 'observe') return [observed(false)];
    acts += 1;
    return [acts === 1 ? lostAnswer : succeeded];
  });

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.equal(acts, 2);
});

test('a lease is renewed from the first shift until the split is settled', () => {
  const way = walk(plan, () => [succeeded]);
  const leased = way.commands.filter(({ leases }) => leases.length > 0).map(({ step }) => step);

  assert.equal(leased[0], 'judge-10');
  assert.equal(leased.at(-1), 'settle-split');
});

test('the time from the decision to weight 0 is kept when the candidate had traffic', () => {
  const way = walk(plan, whenAt('judge-50', failed));

  assert.ok(way.state.outcome?.kind === 'reverted');
  assert.equal(way.state.outcome.cause.decidedAtNs, '100');
  assert.equal(way.state.zeroAtNs, '200');
});

test('without traffic there is no time to weight 0', () => {
  const way = walk(plan, whenAt('probe-candidate', failed));

  assert.ok(way.state.outcome?.kind === 'reverted');
  assert.equal(way.state.outcome.cause.decidedAtNs, null);
});

test('a stable pool that does not pass its probes any more ends the revert in HELD, not in silence', () => {
  const way = walk(plan, (command) => [
    command.step === 'judge-50' || command.step === 'reprobe-stable' ? failed : succeeded,
  ]);

  assert.ok(way.state.outcome?.kind === 'held');
  assert.equal(way.state.outcome.cause.step, 'reprobe-stable');
  assert.equal(way.state.cause?.step, 'judge-50');
});

test('the same events give the same commands', () => {
  const once = walk(plan, whenAt('judge-50', failed));
  const twice = walk(plan, whenAt('judge-50', failed));

  assert.deepEqual(once, twice);
});

const eventsArbitrary = fc.array(
  fc.constantFrom('ok', 'fail', 'away', 'lost', 'abort', 'look-yes', 'look-no'),
  { maxLength: 80 },
);

/** Plays the scripted faults in their order, then only good answers: storm, then calm. */
function play(kinds: readonly string[], played: Plan = plan): Walk {
  return walk(played, (command, index) => {
    const kind = kinds[index] ?? 'ok';
    if (command.purpose === 'observe') return [observed(kind !== 'look-no')];
    if (kind === 'fail') return [failed];
    if (kind === 'away') return [unreachable];
    if (kind === 'lost') return [lostAnswer];
    if (kind === 'abort') return [succeeded, aborted];
    return [succeeded];
  });
}

test('whatever happens, a deployment ends promoted, reverted or held', () => {
  fc.assert(
    fc.property(eventsArbitrary, (kinds) => {
      assert.ok(play(kinds).state.outcome);
    }),
    { numRuns: 500 },
  );
});

test('whatever happens, tokens only rise, and no two commands that act share one', () => {
  fc.assert(
    fc.property(eventsArbitrary, (kinds) => {
      const acting = play(kinds).commands.filter(({ purpose }) => purpose === 'act');
      for (const [index, { token }] of acting.entries()) {
        const before = acting[index - 1];
        if (before) assert.ok(compareTokens(before.token, token) < 0);
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever happens, the old release is retired only after every judge and check has passed', () => {
  fc.assert(
    fc.property(eventsArbitrary, (kinds) => {
      const way = play(kinds);
      const sent = stepsSent(way);
      if (!sent.includes('retire-old')) return;
      const passed = new Set(
        way.decisions.flatMap((decision) =>
          decision.kind === 'StepPassed' ? [decision.step] : [],
        ),
      );
      for (const { id } of plan.steps.slice(0, retireAt)) assert.ok(passed.has(id), id);
    }),
    { numRuns: 500 },
  );
});

test('whatever happens, the first command of a revert takes the candidate to weight 0 with a token above all others', () => {
  fc.assert(
    fc.property(eventsArbitrary, (kinds) => {
      const reverting = play(kinds).commands.filter(
        ({ token }) => token.sequence >= REVERT_SEQUENCE_FIRST,
      );
      const [first] = reverting;
      if (!first) return;
      assert.equal(first.step, 'zero-candidate');
      assert.deepEqual(first.token, first.revertToken);
    }),
    { numRuns: 500 },
  );
});

test('whatever happens, once reverting no command gives the candidate weight again', () => {
  fc.assert(
    fc.property(eventsArbitrary, (kinds) => {
      for (const { action, token } of play(kinds).commands) {
        if (token.sequence < REVERT_SEQUENCE_FIRST || action.kind !== 'apply-split') continue;
        const share = action.split.weights.find(
          ({ pool }) => pool === plan.services[0].candidate.pool,
        );
        assert.equal(share?.weight ?? 0, 0);
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever happens, a first deployment ends too', () => {
  fc.assert(
    fc.property(eventsArbitrary, (kinds) => {
      assert.ok(play(kinds, aPlan({ deployment: 1, stable: null })).state.outcome);
    }),
  );
});
