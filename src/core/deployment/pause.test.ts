import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  aborted,
  asked,
  failed,
  lostAnswer,
  observed,
  stopped,
  succeeded,
  unreachable,
  walk,
  type Walk,
} from '../../../test/support/deployment-walk.ts';
import { aMirrorPolicy, aPlan, aRolloutPolicy } from '../../../test/support/plan-builder.ts';
import type { Command, Decision, DeploymentEvent } from './deployment-state.ts';

const plan = aPlan({ rollout: aRolloutPolicy({ compare: ['errors'] }) });

const stepsSent = ({ commands }: Walk): readonly string[] => commands.map(({ step }) => step);
const kinds = ({ decisions }: Walk): readonly string[] => decisions.map(({ kind }) => kind);

function told<Kind extends Decision['kind']>({ decisions }: Walk, kind: Kind) {
  return decisions.filter(
    (decision): decision is Extract<Decision, { kind: Kind }> => decision.kind === kind,
  );
}

/** Each answer is given once, at the first command of its step. */
function answering(answers: Readonly<Record<string, readonly DeploymentEvent[]>>): Walk {
  const left = new Map(Object.entries(answers));
  return walk(plan, ({ step }) => {
    const events = left.get(step);
    left.delete(step);
    return events ?? [step === 'pause' ? stopped(10) : succeeded];
  });
}

test('a pause lets the step at hand end, and nothing further begin until somebody resumes', () => {
  const way = answering({
    'shift-10': [succeeded, asked('pause')],
    pause: [stopped(60_000), asked('resume')],
  });

  const sent = stepsSent(way);
  const at = sent.indexOf('pause');
  assert.deepEqual(sent.slice(at - 1, at + 2), ['shift-10', 'pause', 'judge-10']);
  assert.equal(told(way, 'DeploymentPaused')[0]?.before, 'judge-10');
  assert.equal(told(way, 'DeploymentResumed').length, 1);
  assert.equal(way.state.outcome?.kind, 'promoted');
});

test('while it is paused the split in force is judged on, under its lease, and any request is read', () => {
  const way = answering({
    'judge-50': [succeeded, asked('pause')],
    pause: [asked('resume')],
  });

  const hold = way.commands.find(({ step }) => step === 'pause');
  assert.ok(hold?.action.kind === 'hold-traffic');
  assert.equal(hold.action.watched?.weight, 50);
  assert.ok(hold.action.watched.comparison);
  assert.equal(hold.leases.length, 1);
  assert.deepEqual([...hold.endedBy].sort(), ['abort', 'approve', 'pause', 'promote', 'resume']);
  assert.equal(hold.deadlineMs, Infinity);
});

test('before the candidate has traffic there is nothing to judge', () => {
  const way = answering({
    'start-candidate': [succeeded, asked('pause')],
    pause: [asked('resume')],
  });

  const hold = way.commands.find(({ step }) => step === 'pause');
  assert.ok(hold?.action.kind === 'hold-traffic');
  assert.equal(hold.action.watched, null);
});

test('a rollback is not judged while it is paused: what it returns from may be worse', () => {
  const rollback = aPlan({ kind: 'rollback' });
  let isAsked = false;
  const way = walk(rollback, ({ step }) => {
    if (step === 'pause') return [asked('resume')];
    if (step !== 'shift-100' || isAsked) return [succeeded];
    isAsked = true;
    return [succeeded, asked('pause')];
  });

  const hold = way.commands.find(({ step }) => step === 'pause');
  assert.ok(hold?.action.kind === 'hold-traffic');
  assert.equal(hold.action.watched, null);
  assert.equal(hold.leases.length, 1);
});

test('a bad verdict reverts in a pause, too', () => {
  const way = answering({ 'judge-10': [succeeded, asked('pause')], pause: [failed] });

  assert.equal(way.state.outcome?.kind, 'reverted');
  assert.equal(way.state.pause, null);
  assert.equal(stepsSent(way)[stepsSent(way).indexOf('pause') + 1], 'zero-candidate');
});

test('an abort reverts in a pause, too', () => {
  const way = answering({ 'judge-10': [succeeded, asked('pause')], pause: [aborted] });

  assert.equal(way.state.outcome?.kind, 'reverted');
});

test('a judgement that was ended by a pause has the rest of its time when it is resumed', () => {
  const way = answering({
    'judge-10': [stopped(20_000), asked('pause')],
    pause: [stopped(3_600_000), asked('resume')],
  });

  const judged = way.commands.filter(({ step }) => step === 'judge-10');
  assert.deepEqual(
    judged.map(({ deadlineMs }) => deadlineMs),
    [60_000, 40_000],
  );
  const next = way.commands.find(({ step }) => step === 'judge-50');
  assert.equal(next?.deadlineMs, 60_000);
});

test('there is time for a look, however often a wait was ended', () => {
  const way = answering({ 'judge-10': [stopped(59_999)] });

  assert.deepEqual(
    way.commands.filter(({ step }) => step === 'judge-10').map(({ deadlineMs }) => deadlineMs),
    [60_000, 1_000],
  );
});

test('a hold goes on by itself when its time is over, which is counted piece by piece', () => {
  let pieces = 0;
  const way = walk(plan, ({ step, deadlineMs }) => {
    if (step === 'start-candidate') return [succeeded, asked('pause', { forMs: 1_800_000 })];
    if (step !== 'pause') return [succeeded];
    pieces += deadlineMs;
    return [stopped(deadlineMs)];
  });

  assert.equal(pieces, 1_800_000);
  const holds = way.commands.filter(({ step }) => step === 'pause');
  assert.ok(holds.length > 16 && holds.length < 60, `${holds.length}`);
  assert.ok(holds.every(({ deadlineMs }) => deadlineMs <= 1_800_000 / 16));
  assert.deepEqual(told(way, 'HoldEnded'), [{ kind: 'HoldEnded', before: 'probe-candidate' }]);
});

test('a pause between two attempts waits for the end of the step: what was sent may still act', () => {
  let tries = 0;
  const way = walk(plan, ({ step, purpose }) => {
    if (step === 'pause') return [asked('resume')];
    if (step !== 'shift-10') return [succeeded];
    if (purpose === 'observe') return [observed(false)];
    tries += 1;
    return tries === 1 ? [lostAnswer, asked('pause')] : [succeeded];
  });

  const sent = stepsSent(way);
  assert.equal(sent[sent.indexOf('pause') - 1], 'shift-10');
  assert.equal(told(way, 'DeploymentPaused')[0]?.before, 'judge-10');
});

test('a pause that did not come into force before the point of no return is declined', () => {
  let tries = 0;
  const way = walk(plan, ({ step }) => {
    if (step !== 'settle-split') return [succeeded];
    tries += 1;
    return tries === 1 ? [unreachable, asked('pause')] : [succeeded];
  });

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.match(told(way, 'RequestDeclined')[0]?.because ?? '', /only the way on/);
  assert.ok(!stepsSent(way).includes('pause'));
});

for (const [title, step] of [
  ['on the way back', 'drain-candidate'],
  ['behind the point of no return', 'retire-old'],
] as const) {
  test(`what people ask ${title} is declined, and changes nothing`, () => {
    for (const kind of ['pause', 'resume', 'promote'] as const) {
      const answers = { [step]: [succeeded, asked(kind)] };
      const way = answering(step === 'retire-old' ? answers : { 'judge-10': [failed], ...answers });

      assert.equal(told(way, 'RequestDeclined').length, 1, kind);
      assert.ok(!stepsSent(way).includes('pause'));
    }
  });
}

test('what is asked together with the end is declined', () => {
  const way = answering({ 'forget-old': [succeeded, asked('pause')] });

  assert.equal(way.state.outcome?.kind, 'promoted');
  assert.deepEqual(kinds(way).slice(-1), ['RequestDeclined']);
});

test('what is asked twice is done once', () => {
  const way = answering({
    'judge-10': [succeeded, asked('pause'), asked('pause')],
    pause: [asked('resume'), asked('resume')],
  });

  assert.equal(told(way, 'DeploymentPaused').length, 1);
  assert.equal(told(way, 'DeploymentResumed').length, 1);
  assert.deepEqual(
    told(way, 'RequestIdle').map(({ asked: what }) => what),
    ['pause', 'resume'],
  );
});

test('a hold in a pause sets its end, and a pause in a hold takes it away', () => {
  const way = answering({
    'judge-10': [succeeded, asked('pause'), asked('pause', { forMs: 5_000 }), asked('pause')],
    pause: [asked('resume')],
  });

  assert.deepEqual(
    told(way, 'DeploymentPaused').map(({ forMs }) => forMs),
    [null, 5_000, null],
  );
  assert.equal(way.commands.find(({ step }) => step === 'pause')?.deadlineMs, Infinity);
});

test('a promotion ends a pause and waives the time of the step at hand, of no other', () => {
  const way = answering({ 'judge-10': [stopped(5), asked('pause')], pause: [asked('promote')] });

  const waived = way.commands.flatMap(({ action }) =>
    action.kind === 'judge-traffic' ? [action.limits.isHoldWaived ?? false] : [],
  );
  assert.deepEqual(waived.slice(0, 3), [false, true, false]);
  assert.equal(told(way, 'HoldWaived')[0]?.step, 'judge-10');
  assert.equal(told(way, 'DeploymentResumed').length, 1);
});

test('a promotion never passes a gate: what is not proven reverts', () => {
  const way = walk(plan, ({ step }, index) =>
    step === 'judge-10' ? [index % 2 === 0 ? stopped(5) : failed, asked('promote')] : [succeeded],
  );

  assert.equal(way.state.outcome?.kind, 'reverted');
});

test('a promotion of a step that holds nothing for a time is declined', () => {
  const way = answering({ 'start-candidate': [succeeded, asked('promote')] });

  assert.match(
    told(way, 'RequestDeclined')[0]?.because ?? '',
    /probe-candidate .* nothing to waive/,
  );
});

const eventsArbitrary = fc.array(
  fc.constantFrom('ok', 'fail', 'away', 'lost', 'abort', 'pause', 'hold', 'resume', 'promote'),
  { maxLength: 60 },
);

function play(script: readonly string[]): Walk {
  return walk(plan, ({ step, purpose, endedBy }, index) => {
    const kind = script[index] ?? 'calm';
    const end = purpose === 'observe' ? observed(kind !== 'fail') : succeeded;
    const rest = step === 'pause' ? stopped(10) : end;
    switch (kind) {
      case 'calm':
        return step === 'pause' ? [stopped(10), asked('resume', { id: index })] : [end];
      case 'ok':
        return [rest];
      case 'fail':
        return [purpose === 'observe' ? end : failed];
      case 'away':
        return [unreachable];
      case 'lost':
        return [lostAnswer];
      case 'abort':
        return [rest, aborted];
      case 'hold':
        return [rest, asked('pause', { forMs: 1_000_000, id: index })];
      default: {
        const request = asked(kind as 'pause' | 'resume' | 'promote', { id: index });
        const waits = endedBy.length > 1 && purpose === 'act';
        return [waits && index % 2 === 0 ? stopped(7) : rest, request];
      }
    }
  });
}

test('whatever is asked, every request but an abort is answered exactly once, a promotion also by what it waived', () => {
  fc.assert(
    fc.property(eventsArbitrary, (script) => {
      const way = play(script);
      assert.ok(way.state.outcome);
      assert.equal(way.state.pause ?? null, null);
      for (const id of way.commands.keys()) {
        const answers = way.decisions.filter(
          (decision) => 'request' in decision && decision.request === id,
        );
        const alone = answers.filter(({ kind }) => kind !== 'HoldWaived');
        assert.ok(answers.length - alone.length <= 1);
        assert.equal(
          alone.length > 0 ? alone.length : answers.length,
          isAsked(way, script, id) ? 1 : 0,
        );
      }
    }),
    { numRuns: 500 },
  );
});

function isAsked({ commands }: Walk, script: readonly string[], id: number): boolean {
  const kind = script[id];
  if (kind === undefined) return commands[id]?.step === 'pause';
  return ['pause', 'hold', 'resume', 'promote'].includes(kind);
}

test('whatever is asked, from a pause to its end nothing is sent but the pause itself', () => {
  fc.assert(
    fc.property(eventsArbitrary, (script) => {
      const { commands } = play(script);
      for (const [index, command] of commands.entries()) {
        if (command.step !== 'pause') continue;
        const isQuiet = ['ok', 'away', 'lost', 'pause'].includes(script[index] ?? '');
        const next: Command | undefined = commands[index + 1];
        if (isQuiet && next && next.token.sequence < 1_000_000) assert.equal(next.step, 'pause');
      }
    }),
    { numRuns: 500 },
  );
});

test('a pause ends the wait for what a mirror finds, which begins anew when it goes on', () => {
  const mirrored = aPlan({ rollout: aRolloutPolicy({ mirror: aMirrorPolicy() }) });
  let looks = 0;
  const way = walk(mirrored, ({ step }) => {
    if (step === 'pause') return [asked('resume')];
    if (step !== 'judge-mirror') return [succeeded];
    looks += 1;
    return looks === 1 ? [stopped(20_000), asked('pause')] : [succeeded];
  });

  const sent = way.commands.filter(({ step }) => ['judge-mirror', 'pause'].includes(step));
  assert.deepEqual(
    sent.map(({ step }) => step),
    ['judge-mirror', 'pause', 'judge-mirror'],
  );
  assert.deepEqual([...(sent[0]?.endedBy ?? [])].sort(), ['abort', 'pause', 'promote']);
  assert.deepEqual(sent[1]?.leases, sent[0]?.leases);
  assert.equal(sent[2]?.deadlineMs, 40_000);
  assert.equal(way.state.outcome?.kind, 'promoted');
});
