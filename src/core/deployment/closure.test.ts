import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aFreeze } from '../../../test/support/core/freeze-builder.ts';
import {
  aborted,
  approved,
  asked,
  failed,
  observed,
  stopped,
  succeeded,
  unreachable,
  lostAnswer,
  walk,
  type Walk,
} from '../../../test/support/deployment-walk.ts';
import { aWindow } from '../../../test/support/core/window-builder.ts';
import { aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import type { Plan } from '../plan/plan.ts';
import { closureSentence } from '../words/closure-sentence.ts';
import { closureFailure, closureOf, overrideOf, type Closure } from './closure.ts';
import type { Command, DeploymentEvent } from './deployment-state.ts';

const plan = aPlan();
const closure: Closure = { freezes: [aFreeze()] };
const office = [aWindow()];
const inOfficeHours = aPlan({ windows: [office] });
/** A Friday, in Berlin and after it has closed there; and the Monday after. */
const openMs = Date.parse('2026-11-27T12:00Z');
const shutMs = Date.parse('2026-11-27T20:00Z');
const opensAtMs = Date.parse('2026-11-30T08:00Z');
const withheld: DeploymentEvent = { kind: 'CommandWithheld', closure };
const opened: DeploymentEvent = { ...stopped(60_000), isOpen: true } as DeploymentEvent;
const overrides: DeploymentEvent = {
  kind: 'OperatorAsked',
  request: { id: 7, kind: 'resume', override: true, actor: 'local:bob', reason: 'a leak' },
};

const stepsSent = ({ commands }: Walk): readonly string[] => commands.map(({ step }) => step);
const kinds = ({ decisions }: Walk): readonly string[] => decisions.map(({ kind }) => kind);

/** Each answer is given once, at the first command of its step. */
function answering(
  answers: Readonly<Record<string, readonly DeploymentEvent[]>>,
  of: Plan = plan,
): Walk {
  const left = new Map(Object.entries(answers));
  return walk(of, ({ step }) => {
    const events = left.get(step);
    left.delete(step);
    return events ?? [step === 'freeze' ? opened : succeeded];
  });
}

test('a step that is withheld begins when the place is open again, and the traffic is judged meanwhile', () => {
  const way = answering({ 'shift-50': [withheld] });

  const sent = stepsSent(way);
  const at = sent.indexOf('freeze');
  assert.deepEqual(sent.slice(at - 2, at + 2), ['judge-10', 'shift-50', 'freeze', 'shift-50']);
  const wait = way.commands[at];
  assert.ok(wait?.action.kind === 'hold-traffic');
  assert.equal(wait.action.watched?.weight, 10);
  assert.equal(wait.leases.length, 1);
  assert.deepEqual([wait.deadlineMs, wait.whileClosed], [Infinity, 'waits']);
  assert.ok(kinds(way).includes('DeploymentThawed'));
  assert.equal(way.state.outcome?.kind, 'promoted');
});

test('every step that changes something is withheld until the point of no return; what looks or judges is not', () => {
  const gated = aPlan({
    rollout: aRolloutPolicy({
      approvals: [{ before: 50, approvers: 1, exceptStarter: false, deadlineMs: 60_000 }],
    }),
  });
  const way = walk(gated, ({ step }) => [step === 'approve-50' ? approved('bob') : succeeded]);

  const heeding = way.commands.filter(({ whileClosed }) => whileClosed === 'is-withheld');
  assert.deepEqual(
    heeding.map(({ step }) => step),
    [
      ...['drill-revert', 'start-candidate', 'shift-10', 'approve-50', 'shift-50', 'shift-100'],
      ...['settle-candidate', 'settle-split'],
    ],
  );
});

test('no other plan than a deploy is closed to, and no freeze that is overridden closes it', () => {
  const freezes = [aFreeze(), aFreeze({ id: 2 })];
  const now = { freezes, atMs: openMs };

  for (const kind of ['repair', 'rollback', 'restore'] as const) {
    assert.equal(closureOf({ ...plan, kind }, now, null), null);
    assert.equal(closureOf({ ...inOfficeHours, kind }, { ...now, atMs: shutMs }, null), null);
  }
  assert.deepEqual(closureOf(plan, now, null), { freezes });
  const left = closureOf(plan, now, { freezes: [1] });
  assert.deepEqual(
    left?.freezes.map(({ id }) => id),
    [2],
  );
  assert.equal(closureOf(plan, now, { freezes: [1, 2] }), null);
});

test('outside of its windows a deploy is closed to, until all of them are open', () => {
  const at = (atMs: number) => closureOf(inOfficeHours, { freezes: [], atMs }, null);

  assert.equal(at(openMs), null);
  assert.deepEqual(at(shutMs), { freezes: [], outside: { windows: [office], opensAtMs } });
  assert.equal(
    closureSentence(at(shutMs)!),
    'the deployment windows (mon-fri 09:00-16:30 Europe/Berlin) are closed until Mon 2026-11-30 09:00 Europe/Berlin (Mon 2026-11-30 08:00 UTC).',
  );
  assert.equal(closureOf(plan, { freezes: [], atMs: shutMs }, null), null);
});

test('of several services all must be within their windows, and only those that are not are named', () => {
  const mornings = [aWindow({ toMinute: 12 * 60 })];
  const both = {
    ...plan,
    services: [
      { ...plan.services[0], windows: [office] },
      { ...plan.services[0], windows: [mornings] },
    ],
  } as const;
  const afternoonMs = Date.parse('2026-11-27T12:00Z');

  const closure = closureOf(both, { freezes: [], atMs: afternoonMs }, null);

  assert.deepEqual(closure?.outside, { windows: [mornings], opensAtMs });
});

test('an override of windows is over when they open, and is none of a freeze', () => {
  const closed = closureOf(inOfficeHours, { freezes: [], atMs: shutMs }, null);
  const override = overrideOf(closed!, null);
  const at = (atMs: number, freezes = [aFreeze()]) =>
    closureOf(inOfficeHours, { freezes, atMs }, override);
  const weekLaterMs = shutMs + 7 * 86_400_000;

  assert.equal(at(shutMs, []), null);
  assert.equal(at(opensAtMs - 1, []), null);
  assert.equal(at(weekLaterMs, [])?.outside?.opensAtMs, opensAtMs + 7 * 86_400_000);
  assert.deepEqual(at(shutMs), { freezes: [aFreeze()] });
  const later = overrideOf({ freezes: [aFreeze()] }, override);
  assert.deepEqual(later, { freezes: [1], outsideUntilMs: opensAtMs });
});

test('an override of a freeze is none of windows', () => {
  const override = overrideOf({ freezes: [aFreeze()] }, null);

  const closure = closureOf(inOfficeHours, { freezes: [aFreeze()], atMs: shutMs }, override);

  assert.deepEqual(closure?.freezes, []);
  assert.equal(closure.outside?.opensAtMs, opensAtMs);
});

test('whoever overrides another freeze stays free of those before', () => {
  const freezes = [aFreeze(), aFreeze({ id: 2 })];
  const override = overrideOf({ freezes: [aFreeze({ id: 2 })] }, { freezes: [1] });

  assert.equal(closureOf(plan, { freezes, atMs: openMs }, override), null);
});

test('windows that never open together are overridden for good', () => {
  const never = aPlan({
    windows: [[aWindow({ days: ['mon'] })], [aWindow({ days: ['tue'] })]],
  });
  const closure = closureOf(never, { freezes: [], atMs: shutMs }, null);

  assert.equal(closure?.outside?.opensAtMs, null);
  assert.match(closureSentence(closure), /are closed, and are not all open at once within a year/);
  const override = overrideOf(closure, null);
  assert.equal(closureOf(never, { freezes: [], atMs: shutMs }, override), null);
});

test('what a deploy is refused with says whether it is frozen, or only outside of its windows', () => {
  const outside = { windows: [office], opensAtMs };

  assert.equal(closureFailure({ freezes: [], outside }).code, 'outside-window');
  const both = closureFailure({ freezes: [aFreeze()], outside });
  assert.equal(both.code, 'frozen');
  assert.match(both.message, /is frozen by .*; the deployment windows \(.*\) are closed until /);
});

test('a bad verdict, an abort and a driver that is lost revert while it is frozen', () => {
  const lost: DeploymentEvent = {
    kind: 'DriverLost',
    failure: (failed as Extract<DeploymentEvent, { kind: 'CommandFailed' }>).failure,
  };
  for (const event of [failed, aborted, lost]) {
    const way = answering({ 'shift-50': [withheld], freeze: [event] });

    assert.equal(way.state.outcome?.kind, 'reverted', event.kind);
    assert.equal(way.state.closure, null);
    assert.equal(stepsSent(way)[stepsSent(way).indexOf('freeze') + 1], 'zero-candidate');
    const back = way.commands.slice(stepsSent(way).indexOf('zero-candidate'));
    assert.ok(back.every(({ whileClosed }) => whileClosed === 'acts'));
  }
});

test('what was sent and may still act is brought to its end, frozen or not', () => {
  for (const event of [unreachable, lostAnswer]) {
    const way = answering({ 'shift-50': [event] });

    const again = way.commands.filter(({ step }) => step === 'shift-50').slice(1);
    assert.ok(again.length > 0);
    assert.ok(again.every(({ whileClosed }) => whileClosed === 'acts'));
  }
});

test('resume and promote are declined with the freeze, and somebody may override it', () => {
  const declined = answering({
    'shift-50': [withheld],
    freeze: [stopped(10), asked('resume'), asked('promote')],
  });
  const overridden = answering({ 'shift-50': [withheld], freeze: [stopped(10), overrides] });

  const answers = declined.decisions.filter((each) => each.kind === 'RequestDeclined');
  assert.equal(answers.length, 2);
  assert.match(
    answers[0]?.because ?? '',
    /production is frozen by local:eve .*: audit\. .*--override/,
  );
  assert.equal(stepsSent(declined).filter((step) => step === 'freeze').length, 2);
  assert.deepEqual(overridden.state.override, { freezes: [1] });
  assert.ok(kinds(overridden).includes('FreezeOverridden'));
  assert.equal(stepsSent(overridden).filter((step) => step === 'freeze').length, 1);
});

test('a pause in a freeze comes into force at once, and the step is asked for again when it is resumed', () => {
  const way = answering({
    'shift-50': [withheld],
    freeze: [stopped(10), asked('pause')],
    pause: [stopped(10), asked('resume')],
  });

  const sent = stepsSent(way);
  const at = sent.indexOf('freeze');
  assert.deepEqual(sent.slice(at, at + 3), ['freeze', 'pause', 'shift-50']);
  assert.equal(way.commands[at + 2]?.whileClosed, 'is-withheld');
});

test('a wait that had to be tried again is no attempt of what was withheld, which no freeze lets begin', () => {
  for (const ends of [opened, overrides]) {
    const way = answering({ 'shift-50': [withheld], freeze: [unreachable, ends] });

    const begun = way.commands[stepsSent(way).lastIndexOf('freeze') + 1];
    assert.deepEqual([begun?.step, begun?.attempt], ['shift-50', 1]);
    assert.equal(begun?.whileClosed, 'is-withheld');
  }
});

test('a pause comes into force at once also in a wait that had to be tried again', () => {
  const way = answering({
    'shift-50': [withheld],
    freeze: [unreachable, stopped(10), asked('pause')],
    pause: [stopped(10), asked('resume')],
  });

  const sent = stepsSent(way);
  const at = sent.indexOf('freeze');
  assert.deepEqual(sent.slice(at, at + 3), ['freeze', 'pause', 'shift-50']);
});

test('the time of a gate for people does not pass while it is withheld, and they may approve', () => {
  const gated = aPlan({
    rollout: aRolloutPolicy({
      approvals: [{ before: 50, approvers: 1, exceptStarter: false, deadlineMs: 60_000 }],
    }),
  });
  const waits = answering(
    { 'approve-50': [withheld], freeze: [stopped(3_600_000), opened] },
    gated,
  );
  const approves = answering(
    { 'approve-50': [withheld], freeze: [stopped(10), approved('bob')] },
    gated,
  );

  assert.equal(waits.state.outcome?.kind, 'promoted');
  const sent = stepsSent(approves);
  assert.equal(sent[sent.indexOf('freeze') + 1], 'shift-50');
});

test('however often it is frozen, a deployment takes no step out of its order', () => {
  const isLook = ({ purpose }: Command): boolean => purpose === 'observe';
  let frozen = 0;
  const way = walk(plan, (command) => {
    if (isLook(command)) return [observed(false)];
    if (command.step === 'freeze') return [opened];
    if (command.whileClosed === 'is-withheld' && frozen++ % 2 === 0) return [withheld];
    return [succeeded];
  });

  const passed = way.decisions.flatMap((each) => (each.kind === 'StepPassed' ? [each.step] : []));
  assert.deepEqual(
    passed,
    plan.steps.map(({ id }) => id),
  );
  assert.equal(way.state.outcome?.kind, 'promoted');
});
