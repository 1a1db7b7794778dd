import assert from 'node:assert/strict';
import test from 'node:test';
import type { RequestAnswer } from '../../src/api/contract/answers.ts';
import { answersFor } from './deployment-answers.ts';
import {
  aDeployment,
  aDetail,
  aPlan,
  aServiceStatus,
  aStatus,
  aSummary,
  auditLines,
  ended,
  requested,
} from './deployment-builder.ts';
import { aRolloutPolicy } from '../support/plan-builder.ts';
import { json, ndjson, problem, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, temporaryProject } from './run-command.ts';

const waiting = {
  kind: 'pause',
  ...{ before: 'judge-10', isInForce: true, leftMs: null },
  ...{ actor: 'local:ada', reason: 'lunch' },
} as const;

function answer(changes: Partial<RequestAnswer> = {}): RequestAnswer {
  return { outcome: 'done', because: null, deployment: aDeployment({ waiting }), ...changes };
}

test('pause, hold, resume and promote ask with who and why, and say what became of it', async (t) => {
  const folder = temporaryProject(t);
  const running = aStatus({ services: [aServiceStatus({ last: aDeployment() })] });
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(running),
    'POST /v1/deployments/d7/pause': json(answer()),
    'POST /v1/deployments/d7/resume': json(answer()),
    'POST /v1/deployments/d7/promote': json(answer()),
  });
  const run = (...argv: readonly string[]) => runCommand(argv, { cwd: folder });

  const pause = await run('pause', '--reason', 'lunch');
  const hold = await run('hold', 'd7', '--for', '30m');
  const resume = await run('resume', '7');
  const promote = await run('promote', 'd7', '--json');

  for (const { code } of [pause, hold, resume, promote]) assert.equal(code, 0);
  assert.match(pause.out, /^d7 is paused before judge-10; .* surefoot resume d7\n$/);
  assert.match(hold.out, /^d7 is paused before judge-10 for 30m, and then goes on by itself\./);
  assert.match(resume.out, /^d7 goes on\./);
  assert.deepEqual(JSON.parse(promote.out), answer());
  const bodies = server.seen.flatMap(({ body }) => (body ? [body as Record<string, unknown>] : []));
  assert.deepEqual(
    bodies.map(({ reason, forMs }) => [reason, forMs]),
    [
      ['lunch', undefined],
      ['', 1_800_000],
      ['', undefined],
      ['', undefined],
    ],
  );
  assert.ok(bodies.every(({ actor }) => actor === bodies[0]?.['actor'] && actor !== ''));
});

test('what is so already, and what takes until a step has ended, is said', async (t) => {
  const folder = temporaryProject(t);
  const server = await startFakeServer(t, folder, {
    'POST /v1/deployments/d7/resume': json(
      answer({ outcome: 'idle', because: 'It is not paused.' }),
    ),
    'POST /v1/deployments/d7/pause': json(answer({ outcome: 'recorded' })),
  });

  const idle = await runCommand(['resume', 'd7'], { cwd: folder });
  const recorded = await runCommand(['pause', 'd7'], { cwd: folder });
  server.answer('POST /v1/deployments/d7/pause', problem(409, 'request-declined', 'Not done.'));
  const declined = await runCommand(['pause', 'd7'], { cwd: folder });

  assert.deepEqual([idle.code, idle.out], [0, 'd7: It is not paused.\n']);
  assert.equal(recorded.code, 0);
  assert.match(recorded.out, /it is answered when step judge-10 has ended\. .* surefoot watch d7/);
  assert.equal(declined.code, 2);
  assert.match(declined.err, /Not done\./);
});

test('a hold without a time, or with one that cannot be, asks nobody', async (t) => {
  const folder = temporaryProject(t);
  const server = await startFakeServer(t, folder, {});

  for (const argv of [
    ['hold', 'd7'],
    ...['0s', '30d', 'soon'].map((time) => ['hold', 'd7', '--for', time]),
  ]) {
    const { code, err } = await runCommand(argv, { cwd: folder });
    assert.equal(code, 2, argv.join(' '));
    assert.match(err, /--for/);
  }
  assert.deepEqual(server.seen, []);
});

test('approve names the digest of a plan; without one, and without a terminal, it says what to type', async (t) => {
  const folder = temporaryProject(t);
  const gate = { before: 100, approvers: 1, exceptStarter: false, deadlineMs: 60_000 };
  const plan = aPlan({ rollout: aRolloutPolicy({ weights: [10, 100], approvals: [gate] }) });
  const step = { id: 'approve-100', title: 'Have one approve', attempt: 1 };
  const server = await startFakeServer(t, folder, {
    // Also while it is paused an approval counts.
    'GET /v1/deployments/d7': json(aDetail({ plan, step, waiting })),
    'GET /v1/deployments/d8': json(aDetail()),
    'POST /v1/deployments/d7/approve': json(answer()),
  });
  const { planDigest } = aDetail();

  const named = await runCommand(['approve', 'd7', '--plan', planDigest], { cwd: folder });
  const unnamed = await runCommand(['approve', 'd7'], { cwd: folder });
  const wrong = await runCommand(['approve', 'd7', '--plan', 'yes'], { cwd: folder });
  const notAwaited = await runCommand(['approve', 'd8'], { cwd: folder });

  assert.equal(named.code, 0);
  assert.match(named.out, /^d7 is approved and goes on when it may\./);
  const sent = server.seen.filter(({ path }) => path.endsWith('/approve'));
  assert.deepEqual(
    sent.map(({ body }) => (body as { planDigest: string }).planDigest),
    [planDigest],
  );
  assert.equal(unnamed.code, 2);
  assert.match(unnamed.err, /judge-10, within/);
  assert.match(unnamed.err, new RegExp(`surefoot approve d7 --plan ${planDigest}`));
  assert.equal(wrong.code, 2);
  assert.equal(notAwaited.code, 2);
  assert.match(notAwaited.err, /No approval is awaited at /);
});

test('deploy without a terminal does not wait for people: exit code 5, and how to approve', async (t) => {
  const folder = aProject(t);
  const plan = aPlan();
  const awaits = {
    kind: 'CommandIssued',
    purpose: 'act',
    ...{ step: 'approve-100', row: 'R4', attempt: 1, title: 'Have one approve' },
    token: { deployment: 7, sequence: 9 },
    action: { kind: 'await-approval', approvers: 1, exceptStarter: false, watched: null },
  } as const;
  const events = auditLines([requested(plan), awaits, ended(aSummary())]);
  await startFakeServer(t, folder, answersFor(ndjson(...events)));

  const deploy = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });
  const watch = await runCommand(['watch', 'd7'], { cwd: folder });

  assert.equal(deploy.code, 5);
  assert.match(deploy.err, /d7 waits for approval/);
  assert.match(deploy.err, /surefoot approve d7 --plan sha256:/);
  assert.equal(watch.code, 0, 'who watches stays until the end');
});
