import assert from 'node:assert/strict';
import test from 'node:test';
import type { FollowLine } from '../../src/cli/follow-deployment.ts';
import { advanceView, viewOf } from '../../src/cli/render/deployment-view.ts';
import { doctorLines } from '../../src/cli/render/doctor-lines.ts';
import { eventLines } from '../../src/cli/render/event-lines.ts';
import { failureLines } from '../../src/cli/render/failure-lines.ts';
import { historyLines } from '../../src/cli/render/history-lines.ts';
import { liveFrame } from '../../src/cli/render/live-frame.ts';
import { outcomeLines } from '../../src/cli/render/outcome-lines.ts';
import { createPaint, signsFor } from '../../src/cli/render/paint.ts';
import { planLines } from '../../src/cli/render/plan-lines.ts';
import { statusLines } from '../../src/cli/render/status-lines.ts';
import { fault, fine, warning } from '../../src/cli/doctor/check.ts';
import { failureOf } from '../../src/core/failures.ts';
import { poolIdOf, scopeOf, instanceIdOf } from '../../src/core/model/ids.ts';
import type { PoolObservation } from '../../src/core/model/pool.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import {
  aDeployment,
  aPlan,
  aServiceStatus,
  aStatus,
  aSummary,
  auditLines,
  ended,
  failed,
  gateCause,
  passed,
  requested,
} from './deployment-builder.ts';
import { aPlan as planOf } from '../support/plan-builder.ts';
import { anApiBeforeWeb } from '../support/several-services.ts';
import { assertGolden } from './golden-file.ts';

const plain = createPaint(false);
const ascii = signsFor({ LANG: 'C' });

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function transcript(plan: Plan, lines: readonly FollowLine[], isVerbose = false): string {
  const style = { paint: plain, signs: ascii, withProgress: true, isVerbose };
  return text(lines.flatMap((line) => eventLines(plan, line, style)));
}

test('a plan shows every step with its limits, the way back and what is replaced', () => {
  assertGolden('plan', text(planLines(aPlan(), `sha256:${'d'.repeat(64)}`, plain)));
});

test('the plan of a first release says that nothing is replaced', () => {
  const plan = aPlan({ stable: null });

  assertGolden('plan-first', text(planLines(plan, `sha256:${'d'.repeat(64)}`, plain)));
});

test('a promoted deployment reads as one line per event', () => {
  const plan = aPlan();
  const lines: FollowLine[] = auditLines([
    requested(plan, 'release day'),
    { kind: 'DeploymentStarted' },
    ...passed(plan, 'check-environment'),
    ...passed(plan, 'start-candidate'),
    ...passed(plan, 'shift-10'),
    ...passed(plan, 'judge-10', '120 requests at 10 %, 0 of 120 failed, p95 12 ms.'),
    { kind: 'DeploymentPromoted' },
    ended(aSummary()),
  ]);

  assertGolden('events-promoted', transcript(plan, lines));
});

test('a reverted deployment reads as one line per event, with times when asked for', () => {
  const plan = aPlan();
  const summary = aSummary({ outcome: 'reverted', cause: gateCause });
  const lines: FollowLine[] = auditLines([
    requested(plan),
    ...passed(plan, 'shift-10'),
    ...failed(plan, gateCause),
    { kind: 'RetryDecided', step: 'restore-stable', attempt: 2 },
    ...passed(plan, 'zero-candidate'),
    { kind: 'AbortRequested', reason: '' },
    { kind: 'AbortRefused', actor: 'alice', reason: '' },
    { kind: 'DeploymentReverted', cause: gateCause },
    ended(summary),
  ]);

  assertGolden('events-reverted', transcript(plan, lines, true));
});

test('an abort that is refused reads as what it met, in old records, too', () => {
  const refused = { kind: 'AbortRefused', actor: 'alice', reason: '' } as const;
  const lines = auditLines([
    { ...refused, met: 'going-on' },
    { ...refused, met: 'promoted' },
    { ...refused, met: 'reverting' },
    { ...refused, met: 'reverted' },
    { ...refused, met: 'held' },
    refused,
    { ...refused, isReverting: true },
  ]);

  assertGolden('events-refused-aborts', transcript(aPlan(), lines));
});

test('a server that goes away is told once, with what it is not', () => {
  const plan = aPlan();
  const progress: FollowLine = { kind: 'progress', step: 'judge-10', text: 'Too few requests.' };

  assertGolden(
    'events-away',
    transcript(plan, [progress, { kind: 'away' }, { kind: 'heartbeat' }, { kind: 'back' }]),
  );
});

test('the live lines show the step at hand, its progress and the split', () => {
  const plan = aPlan();
  const lines: FollowLine[] = [
    ...auditLines([...passed(plan, 'shift-10'), ...failed(plan, gateCause).slice(0, 1)]),
    { kind: 'progress', step: 'judge-10', text: 'Too few requests reached the candidate.' },
    { kind: 'away' },
  ];
  const view = lines.reduce(advanceView, viewOf(plan));
  const frames = [Infinity, 40, 20].map((columns) =>
    text(liveFrame(view, { paint: plain, signs: ascii, columns, rows: 24 })),
  );

  assertGolden('live-frames', frames.join('\n'));
});

test('of several services each line says which it is about', () => {
  const plan = planOf({ services: anApiBeforeWeb() });
  const line = (id: string) => transcript(plan, auditLines(passed(plan, id)));

  assert.match(line('api:shift-10'), /^\[\d+\/\d+ api\] /);
  assert.match(line('web:shift-10'), /^\[\d+\/\d+ web\] /);
});

test('what people ask, and what became of it, reads as one line per event', () => {
  const plan = aPlan();
  const about = { request: 1, actor: 'local:ada', reason: 'lunch' };
  const lines = auditLines([
    ...passed(plan, 'shift-10'),
    { kind: 'OperatorAsked', request: 1, asked: 'pause', reason: 'lunch', forMs: null },
    { ...about, kind: 'DeploymentPaused', asked: 'pause', before: 'judge-10', forMs: null },
    { ...about, kind: 'DeploymentPaused', asked: 'pause', before: 'judge-10', forMs: 1_800_000 },
    { kind: 'HoldEnded', before: 'judge-10' },
    { ...about, kind: 'DeploymentResumed', asked: 'resume' },
    { ...about, kind: 'HoldWaived', asked: 'promote', step: 'judge-10' },
    {
      ...{ ...about, kind: 'ApprovalGiven', asked: 'approve', step: 'approve-100' },
      ...{ planDigest: 'sha256:1', given: 1, needed: 2 },
    },
    { ...about, kind: 'RequestIdle', asked: 'resume', because: 'It is not paused.' },
    { ...about, kind: 'RequestDeclined', asked: 'pause', because: 'It has ended.' },
  ]);

  assertGolden('events-people', transcript(plan, lines));
});

test('the live lines say that it is paused, and how the traffic is judged meanwhile', () => {
  const plan = aPlan();
  const about = { request: 1, asked: 'pause', actor: 'local:ada', reason: 'lunch' } as const;
  const lines: FollowLine[] = [
    ...auditLines([
      ...passed(plan, 'shift-10'),
      { ...about, kind: 'DeploymentPaused', before: 'judge-10', forMs: null },
      {
        kind: 'CommandIssued',
        ...{ step: 'pause', row: 'R4', attempt: 1, purpose: 'act', title: 'Paused' },
        token: { deployment: 7, sequence: 9 },
        action: { kind: 'hold-traffic', watched: null },
      },
    ]),
    { kind: 'progress', step: 'pause', text: 'Too few requests reached the candidate.' },
  ];
  const view = lines.reduce(advanceView, viewOf(plan));

  assertGolden(
    'live-paused',
    text(liveFrame(view, { paint: plain, signs: ascii, columns: Infinity, rows: 24 })),
  );
});

test('the end of a promoted deployment says what it cost clients', () => {
  assertGolden('outcome-promoted', text(outcomeLines(aPlan(), aSummary(), plain)));
});

test('the end of a reverted deployment names gate, observed value, limit, window and samples', () => {
  const summary = aSummary({
    outcome: 'reverted',
    cause: gateCause,
    decisionToZeroMs: 12.3,
    exposure: {
      requests: 250,
      failures: 3,
      clientErrors: 1,
      idempotentClientErrors: 0,
      rescued: 2,
      budgetSeconds: 0.031,
      isWhole: true,
    },
  });

  assertGolden('outcome-reverted', text(outcomeLines(aPlan(), summary, plain)));
});

test('the end of a reverted deployment without a judgement still says what was observed', () => {
  const failure = failureOf(
    'instance-exited',
    'Instance production.newsroom.7.0 of release 2.0 ended with code 1; its last line: \u001b[31mno database\u001b[0m.',
  );
  const cause = { step: 'start-candidate', failure, judgement: null, decidedAtNs: null };
  const summary = aSummary({ outcome: 'reverted', cause });

  assertGolden('outcome-exited', text(outcomeLines(aPlan(), summary, plain)));
});

test('what its checks have stopped wrote no logs: their evidence is recommended', () => {
  const details = { evidence: '/state/checks/1-newsroom' };
  const failure = failureOf('validation-failed', 'lint: FAIL.', { details });
  const cause = { step: 'validate-release', failure, judgement: null, decidedAtNs: null };

  const end = text(outcomeLines(aPlan(), aSummary({ outcome: 'reverted', cause }), plain));

  assert.match(
    end,
    /next +surefoot explain d7; logs and reports of the checks: \/state\/checks\/1-newsroom$/m,
  );
  assert.doesNotMatch(end, /surefoot logs/);
});

test('the end of a held deployment calls for a person', () => {
  const failure = failureOf('agent-unreachable', 'The edge does not answer.', {
    effect: 'unknown',
  });
  const cause = { step: 'zero-candidate', failure, judgement: null, decidedAtNs: null };

  assertGolden(
    'outcome-held',
    text(outcomeLines(aPlan(), aSummary({ outcome: 'held', cause }), plain)),
  );
});

function aStatusWithPool() {
  const pool: PoolObservation = {
    pool: poolIdOf('production', 'newsroom', 7),
    scope: scopeOf('production', 'newsroom'),
    token: { deployment: 7, sequence: 9 },
    artifactDigest: 'sha256:1',
    release: { version: '2.0', configDigest: 'sha256:2' },
    restart: 'always',
    desired: 'running',
    instances: (['accepting', 'exited'] as const).map((state, index) => ({
      id: instanceIdOf(poolIdOf('production', 'newsroom', 7), index),
      state,
      host: '127.0.0.1',
      port: 20_000 + index,
      pid: 4711,
      exit: null,
      unexpectedExits: 0,
      lastLines: [],
    })),
  };
  return aStatus({ services: [aServiceStatus({ pools: [pool] })] });
}

test('the status shows what serves, what is missing and agents that do not answer', () => {
  const lines = statusLines(aStatusWithPool(), { paint: plain, columns: Infinity });

  assertGolden('status', text(lines));
});

test('the status fits a terminal of 20 columns as a list of fields', () => {
  assertGolden(
    'status-narrow',
    text(statusLines(aStatusWithPool(), { paint: plain, columns: 20 })),
  );
});

test('the status tells what was refused for what clients did, and nothing where nothing was', () => {
  const services = [
    aServiceStatus({ refused: { 400: 0, 413: 2, 431: 1 } }),
    aServiceStatus({ service: 'search', refused: { 408: 1 } }),
    aServiceStatus({ service: 'mail', refused: {} }),
  ];

  assertGolden(
    'status-refused',
    text(statusLines(aStatus({ services }), { paint: plain, columns: Infinity })),
  );
});

test('the history is a table with outcome and cost', () => {
  const lines = historyLines(
    [
      aDeployment({
        id: 'd10',
        waiting: {
          ...{ kind: 'pause', before: 'judge-10', isInForce: true, leftMs: 1_440_000 },
          ...{ actor: 'local:ada', reason: 'lunch' },
        },
      }),
      aDeployment({ id: 'd8', mode: 'reverting' }),
      aDeployment({
        status: 'promoted',
        mode: 'ended',
        summary: aSummary(),
        reason: 'release day',
      }),
      aDeployment({
        id: 'd6',
        status: 'reverted',
        mode: 'ended',
        summary: aSummary({ outcome: 'reverted', cause: gateCause }),
      }),
    ],
    Infinity,
  );

  assertGolden('history', text(lines));
});

test('a failure says its code, what it may have changed and the remedy', () => {
  const failure = failureOf('agent-unreachable', 'The server is away.\nIts log:\n\u001b[2Jline', {
    effect: 'unknown',
  });

  assertGolden('failure', text(failureLines(failure, plain)));
});

test('the doctor shows a remedy for each fault', () => {
  const checks = [
    fine('node', '24.1.0'),
    warning('disk', '500 MiB free', 'Free some space.'),
    fault(
      'port of newsroom',
      '127.0.0.1:8080 cannot be used (EADDRINUSE)',
      'Stop the other program.',
    ),
  ];

  assertGolden('doctor', text(doctorLines(checks, plain, Infinity)));
});
