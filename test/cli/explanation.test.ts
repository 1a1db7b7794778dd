import assert from 'node:assert/strict';
import test from 'node:test';
import type { FollowLine } from '../../src/cli/follow-deployment.ts';
import { courseLines } from '../../src/cli/render/course-lines.ts';
import { advanceView, viewOf } from '../../src/cli/render/deployment-view.ts';
import { explanationLines } from '../../src/cli/render/explanation-lines.ts';
import { liveFrame } from '../../src/cli/render/live-frame.ts';
import { createPaint, signsFor } from '../../src/cli/render/paint.ts';
import type { AuditBody } from '../../src/core/audit/audit-entry.ts';
import { explainDeployment } from '../../src/core/explanation/explain-deployment.ts';
import { failureOf } from '../../src/core/failures.ts';
import type { TrafficCourse } from '../../src/core/gates/traffic-course.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { recordOf } from '../support/core/record-builder.ts';
import { aRolloutPolicy } from '../support/plan-builder.ts';
import {
  aComparedCause,
  aCourse,
  anInconclusiveCause,
  aPlan,
  aSummary,
  auditLines,
  ended,
  failed,
  gateCause,
  passed,
  requested,
} from './deployment-builder.ts';
import { json, problem, startFakeServer } from './fake-server.ts';
import { assertGolden } from './golden-file.ts';
import { runCommand, temporaryProject } from './run-command.ts';

const comparing = aPlan({
  rollout: aRolloutPolicy({ weights: [10, 100], compare: ['errors', 'latency'] }),
});

function explained(plan: Plan, bodies: readonly AuditBody[]) {
  return explainDeployment(plan, recordOf(bodies));
}

function text(plan: Plan, bodies: readonly AuditBody[], columns = Infinity): string {
  const style = { paint: createPaint(false), signs: signsFor({ LANG: 'C.UTF-8' }), columns };
  return `${explanationLines(explained(plan, bodies), null, style).join('\n')}\n`;
}

function reverted(plan: Plan, cause: typeof gateCause, course?: TrafficCourse): AuditBody[] {
  return [
    requested(plan, 'release day'),
    ...passed(plan, 'shift-10'),
    ...failed(plan, cause, course),
    ...passed(plan, 'zero-candidate'),
    { kind: 'DeploymentReverted', cause },
    ended(aSummary({ outcome: 'reverted', cause, decisionToZeroMs: 1.23 })),
  ];
}

test('a release that is worse is explained with both releases, the odds and the way back', () => {
  const bodies = reverted(comparing, aComparedCause, aCourse());

  assertGolden('explain-compared', text(comparing, bodies));
});

test('a gate that stayed open is explained by what would have been needed', () => {
  assertGolden('explain-inconclusive', text(comparing, reverted(comparing, anInconclusiveCause)));
});

test('an instance that ended is explained without statistics, and says where to look', () => {
  const failure = failureOf(
    'instance-exited',
    'Instance production.newsroom.7.0 of release 2.0 ended with code 1; its last line: \u001b[31mno database.',
  );
  const cause = { step: 'start-candidate', failure, judgement: null, decidedAtNs: null };
  const bodies: AuditBody[] = [
    requested(comparing),
    ...failed(comparing, cause),
    ended(aSummary({ outcome: 'reverted', cause })),
  ];

  assertGolden('explain-exited', text(comparing, bodies));
});

test('a release that its checks have stopped is explained with the place of their evidence', () => {
  const details = { evidence: '/state/checks/1-newsroom' };
  const failure = failureOf('validation-failed', 'lint: FAIL.', { details });
  const cause = { step: 'validate-release', failure, judgement: null, decidedAtNs: null };
  const summary = aSummary({ outcome: 'reverted', cause });

  const told = text(comparing, [requested(comparing), ended(summary)]);

  assert.match(told, /next +logs and reports of the checks: \/state\/checks\/1-newsroom$/m);
});

test('an abort is explained by who asked, and by how far the gate had come', () => {
  const plan = aPlan();
  const failure = failureOf('aborted', 'alice aborted the deployment: wrong day');
  const cause = { step: 'judge-10', failure, judgement: null, decidedAtNs: '1' };
  const [issued, ended10] = failed(plan, { ...anInconclusiveCause, failure });
  const bodies: AuditBody[] = [
    requested(plan),
    ...passed(plan, 'shift-10'),
    { kind: 'AbortRequested', reason: 'wrong day' },
    ...[issued, ended10].filter((body) => body !== undefined),
    { kind: 'RevertDecided', cause },
    ended(aSummary({ outcome: 'reverted', cause })),
  ];

  assertGolden('explain-aborted', text(plan, bodies));
});

test('a running deployment is explained as far as it has come', () => {
  const plan = aPlan();
  const [issued] = passed(plan, 'judge-10');

  assertGolden(
    'explain-running',
    text(plan, [requested(plan), ...passed(plan, 'shift-10'), ...(issued ? [issued] : [])]),
  );
});

test('a promoted deployment is explained by its verdicts', () => {
  const plan = aPlan();

  assertGolden(
    'explain-promoted',
    text(plan, [requested(plan), ...passed(plan, 'shift-10'), ended(aSummary())]),
  );
});

test('on 60 columns the figures are a list of fields', () => {
  const bodies = reverted(comparing, aComparedCause, aCourse());

  assertGolden('explain-narrow', text(comparing, bodies, 60));
});

test('charts fit their width, are of plain characters where asked for, and are left out where too narrow', () => {
  const { chart: glyphs } = signsFor({ LANG: 'C' });
  const charts = [100, 52, 49].map((columns) =>
    courseLines(aCourse(), { columns, glyphs, needed: 6.9 }),
  );

  assertGolden('charts', charts.map((lines) => `${lines.join('\n')}\n`).join('\n'));
});

test('while a gate judges, the live lines show both releases and the evidence so far', () => {
  const { judgement } = aComparedCause;
  assert.ok(judgement);
  const course = aCourse();
  const progress: FollowLine = {
    kind: 'progress',
    step: 'judge-10',
    text: 'The split has not been held long enough.',
    look: { judgement: { ...judgement, verdict: 'INCONCLUSIVE' }, course },
  };
  const lines = [...auditLines(passed(comparing, 'judge-10').slice(0, 1)), progress];
  const view = lines.reduce(advanceView, viewOf(comparing));
  const style = { paint: createPaint(false), signs: signsFor({ LANG: 'C.UTF-8' }), columns: 80 };

  const frames = [24, 8].map((rows) => `${liveFrame(view, { ...style, rows }).join('\n')}\n`);
  const passedView = auditLines(passed(comparing, 'judge-10')).reduce(advanceView, view);

  assertGolden('live-charts', frames.join('\n'));
  assert.equal(passedView.look, null);
});

test('a running gate is explained as far as it has been looked at', () => {
  const { judgement } = gateCause;
  assert.ok(judgement);
  const record = recordOf([requested(comparing), ...passed(comparing, 'judge-10').slice(0, 1)]);
  const look = { judgement: { ...judgement, verdict: 'INCONCLUSIVE' as const }, course: aCourse() };
  const explanation = explainDeployment(comparing, record, { step: 'judge-10', look });
  const other = explainDeployment(comparing, record, { step: 'judge-100', look });
  const style = { paint: createPaint(false), signs: signsFor({}), columns: Infinity };

  const text = explanationLines(explanation, 'judge-10', style).join('\n');

  assert.match(text, /so far INCONCLUSIVE: The candidate's requests/);
  assert.match(text, /requests\/s +candidate/);
  assert.equal(other.steps[0]?.judged, null);
});

test('without a stable release, and without a comparison, a chart shows what there is', () => {
  const { chart: glyphs } = signsFor({ LANG: 'C' });
  const course = { ...aCourse(), stable: null, evidence: aCourse().evidence.map(() => null) };

  const text = courseLines(course, { columns: 100, glyphs, needed: null }).join('\n');

  assert.match(text, /candidate/);
  assert.doesNotMatch(text, /stable|ln E/);
});

test('explain tells of one step alone, and says which there are', async (t) => {
  const folder = temporaryProject(t);
  const explanation = explained(comparing, reverted(comparing, gateCause));
  await startFakeServer(t, folder, { 'GET /v1/deployments/d7/explanation': json(explanation) });

  const all = await runCommand(['explain', '7', '--json'], { cwd: folder });
  const one = await runCommand(['explain', 'd7', '--step', 'judge-10', '--json'], { cwd: folder });
  const asText = await runCommand(['explain', 'd7', '--step', 'judge-10'], { cwd: folder });
  const none = await runCommand(['explain', 'd7', '--step', 'judge-20'], { cwd: folder });

  assert.deepEqual(JSON.parse(all.out), explanation);
  const { steps } = JSON.parse(one.out) as typeof explanation;
  assert.deepEqual(
    steps.map(({ id }) => id),
    ['judge-10'],
  );
  assert.match(asText.out, /^judge-10 \(R4\)/);
  assert.equal(none.code, 2);
  assert.match(none.err, /shift-10, judge-10, zero-candidate/);
});

test('a deployment that does not exist is a usage error', async (t) => {
  const folder = temporaryProject(t);
  await startFakeServer(t, folder, {
    'GET /v1/deployments/d9/explanation': problem(404, 'not-found', 'There is no deployment d9.'),
  });

  const missing = await runCommand(['explain', 'd9'], { cwd: folder });
  const mistyped = await runCommand(['explain', 'newsroom'], { cwd: folder });

  assert.deepEqual([missing.code, mistyped.code], [2, 2]);
  assert.match(missing.err, /There is no deployment d9/);
});
