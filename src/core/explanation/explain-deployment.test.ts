import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  failedStep,
  issued,
  lookedAt,
  recordOf,
  succeeded,
} from '../../../test/support/core/record-builder.ts';
import { aPlan } from '../../../test/support/plan-builder.ts';
import { anApiBeforeWeb } from '../../../test/support/several-services.ts';
import type { AuditBody } from '../audit/audit-entry.ts';
import type { DeploymentSummary } from '../deployment/deployment-summary.ts';
import type { Waiting } from '../deployment/waiting.ts';
import { failureOf } from '../failures.ts';
import type { Judgement } from '../gates/judge-traffic.ts';
import { explainDeployment } from './explain-deployment.ts';

const plan = aPlan();
const away = failureOf('agent-unreachable', 'The edge does not answer.', { effect: 'unknown' });
const lost = { step: 'shift-10', failure: away, judgement: null, decidedAtNs: null };

function explained(...bodies: readonly AuditBody[]) {
  return explainDeployment(plan, recordOf(bodies));
}

function ended(changes: Pick<DeploymentSummary, 'outcome' | 'cause'>): AuditBody {
  const exposure = {
    ...{ requests: 0, failures: 0, clientErrors: 0, idempotentClientErrors: 0 },
    ...{ rescued: 0, budgetSeconds: 0, isWhole: true },
  };
  const { outcome } = changes;
  const summary = {
    ...{ release: '2.0', replaces: '1.0', exposure, decisionToZeroMs: null, totalMs: 1_000 },
    ...changes,
  };
  return { kind: 'DeploymentEnded', outcome, summary };
}

function judged(verdict: Judgement['verdict']): Judgement {
  const met = verdict === 'PASS';
  return {
    verdict,
    reason: 'As seen.',
    findings: [
      { metric: 'samples', observed: 99, limit: 100, unit: 'requests', samples: 99, met },
      { metric: 'errorRate', observed: 0, limit: 0, unit: 'fraction', samples: 99, met: true },
    ],
  };
}

test('of a step that was tried again the last try is told, and its failures once', () => {
  const { steps, timeline } = explained(
    issued(plan, 'shift-10'),
    failedStep(plan, lost),
    { kind: 'RetryDecided', step: 'shift-10', attempt: 2 },
    issued(plan, 'shift-10', 2),
    failedStep(plan, lost),
  );

  assert.equal(steps.length, 1);
  assert.deepEqual([steps[0]?.attempts, steps[0]?.code], [2, 'agent-unreachable']);
  assert.deepEqual(
    timeline.map(({ text }) => text),
    ['shift-10: The edge does not answer.'],
  );
});

test('a step whose answer was lost has passed when it is found to be in force', () => {
  const asked = [issued(plan, 'shift-10'), failedStep(plan, lost)];

  const found = explained(...asked, lookedAt(plan, 'shift-10', true)).steps[0];
  const missing = explained(...asked, lookedAt(plan, 'shift-10', false)).steps[0];

  assert.deepEqual([found?.outcome, found?.code], ['passed', null]);
  assert.equal(missing?.outcome, 'failed');
});

test('a deployment that is being taken back says why before its end', () => {
  const failure = failureOf('gate-failed', 'It fails too often.');
  const cause = { step: 'judge-10', failure, judgement: judged('ROLLBACK'), decidedAtNs: '1' };

  const explanation = explained(
    issued(plan, 'judge-10'),
    failedStep(plan, cause),
    { kind: 'RevertDecided', cause },
    issued(plan, 'zero-candidate'),
  );

  assert.equal(
    explanation.sentence,
    'd2 is running: web 2.0 is being taken back. It fails too often. Under way: Take all traffic from 2.0 (zero-candidate).',
  );
  assert.deepEqual(
    [explanation.status, explanation.cause?.row, explanation.exposure],
    ['running', 'R4', null],
  );
});

test('a deployment that waits for people says so, and no more that a step is under way', () => {
  const sentence = (waiting: Waiting) =>
    explainDeployment(plan, recordOf([issued(plan, 'judge-10')]), null, waiting).sentence;
  const pause = {
    kind: 'pause',
    before: 'judge-10',
    actor: 'root',
    reason: '',
    leftMs: null,
  } as const;
  const approval = { kind: 'approval', step: 'approve', needed: 2, leftMs: 1_000 } as const;

  assert.match(
    sentence({ ...pause, isInForce: true }),
    /brought to production\. It is paused by root at judge-10: what has traffic is judged on\.$/,
  );
  assert.match(sentence({ ...pause, isInForce: false }), /Under way: .*\(judge-10\)\.$/);
  assert.match(
    sentence({ ...approval, approvedBy: ['eve'] }),
    /It waits for approval at approve: 1 of 2\.$/,
  );
});

test('an abort that is refused is told with what it met', () => {
  const refused = { kind: 'AbortRefused', actor: 'root', reason: '' } as const;
  const told = explained(
    { ...refused, met: 'going-on' },
    { ...refused, met: 'promoted' },
    { ...refused, met: 'reverting' },
    { ...refused, met: 'reverted' },
    { ...refused, met: 'held' },
  ).timeline.map(({ text }) => text);

  assert.deepEqual(told, [
    'Too late to abort for root: it went on.',
    'Too late to abort for root: it had been promoted.',
    'root asked to abort: it was being taken back already.',
    'root asked to abort: it had been reverted already.',
    'Too late to abort for root: it was held.',
  ]);
});

test('a refused abort of an old record is told as ever', () => {
  const asked = { actor: 'root', reason: '' };
  const told = explained(
    { ...asked, kind: 'AbortRefused', isReverting: true },
    { ...asked, kind: 'AbortRefused' },
  ).timeline.map(({ text }) => text);

  assert.deepEqual(told, [
    'root asked to abort again: it was being taken back already.',
    'Too late to abort for root: it went on.',
  ]);
});

test('a deployment that was promoted counts its verdicts', () => {
  const evidence = { summary: 'Fine.', judgement: judged('PASS') };
  const first = [issued(plan, 'judge-10'), succeeded(plan, 'judge-10', evidence)];
  const second = [issued(plan, 'judge-50'), succeeded(plan, 'judge-50', evidence)];
  const end = ended({ outcome: 'promoted', cause: null });

  const once = explained(...first, end);
  const twice = explained(...first, ...second, end);

  assert.equal(
    once.sentence,
    'd2 was promoted: web 2.0 serves production. The verdict on its live traffic was PASS.',
  );
  assert.match(twice.sentence, /All 2 verdicts on its live traffic were PASS\.$/);
  assert.deepEqual(
    twice.timeline.map(({ text }) => text),
    ['judge-10: PASS', 'judge-50: PASS', 'promoted after 1 s'],
  );
});

test('what an open gate lacked is said for each limit that is not met', () => {
  const failure = failureOf('gate-inconclusive', 'As seen.');
  const cause = { step: 'judge-10', failure, judgement: judged('INCONCLUSIVE') };

  const [step] = explained(issued(plan, 'judge-10'), failedStep(plan, cause)).steps;

  assert.deepEqual(
    step?.judged?.findings.map(({ missing }) => missing),
    ['1 more request to the candidate', null],
  );
});

test('a deployment that is held calls for a person, also where its step is unknown', () => {
  const cause = { ...lost, step: 'engine' };

  const { sentence, cause: told } = explained(ended({ outcome: 'held', cause }));

  assert.match(sentence, /^d2 is held: call someone\..* The edge does not answer\.$/);
  assert.deepEqual([told?.row, told?.title], [null, null]);
});

test('of several services it is said which gets more requests', () => {
  const together = aPlan({ services: anApiBeforeWeb() });
  const evidence = { summary: 'Read back.' };
  const bodies = ['api:shift-10', 'web:shift-10'].flatMap((id) => [
    issued(together, id),
    succeeded(together, id, evidence),
  ]);

  const { timeline } = explainDeployment(together, recordOf(bodies));

  assert.deepEqual(
    timeline.filter(({ kind }) => kind === 'shifted').map(({ text }) => text),
    ['api 2.0 gets 10 % of new requests', 'web 2.0 gets 10 % of new requests'],
  );
});
