import assert from 'node:assert/strict';
import test from 'node:test';
import type { PlanAnswer } from '../../src/api/contract/answers.ts';
import type { OutsideWindows } from '../../src/core/deployment/closure.ts';
import { failureOf } from '../../src/core/failures.ts';
import { eventLines } from '../../src/cli/render/event-lines.ts';
import { createPaint, signsFor } from '../../src/cli/render/paint.ts';
import { aWindow } from '../support/core/window-builder.ts';
import { aDeployment, aPlan, aPlanAnswer, aServiceStatus, aStatus } from './deployment-builder.ts';
import { json, problem, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, temporaryProject } from './run-command.ts';

const windows = [[aWindow()]];
const plan = aPlan({ windows });
const closesMs = Date.parse('2026-11-27T15:30Z');
const outside: OutsideWindows = { windows, opensAtMs: Date.parse('2026-11-30T08:00Z') };
const said =
  'the deployment windows (mon-fri 09:00-16:30 Europe/Berlin) are closed until Mon 2026-11-30 09:00 Europe/Berlin (Mon 2026-11-30 08:00 UTC)';

test('plan shows the windows, until when they are open, and that they close too early', async (t) => {
  const folder = aProject(t);
  const answer = (closesBefore: boolean): PlanAnswer => ({
    ...aPlanAnswer(plan),
    windows: { isOpen: true, changesAtMs: closesMs, leastMs: 7_200_000, closesBefore },
  });
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus()),
    'POST /v1/plans': json(answer(false)),
  });
  const run = () => runCommand(['plan', '--release', '2.0'], { cwd: folder });

  const early = await run();
  server.answer('POST /v1/plans', json(answer(true)));
  const late = await run();

  assert.deepEqual([early.code, late.code], [0, 0]);
  assert.match(early.out, /windows +mon-fri 09:00-16:30 Europe\/Berlin\n/);
  const until = 'The deployment windows are open until Fri 2026-11-27 16:30 Europe/Berlin';
  assert.ok(early.out.endsWith(`\n${until} (Fri 2026-11-27 15:30 UTC).\n`), early.out);
  assert.match(late.out, /and its shares are held for 2 h at least: it will wait where it is/);
});

test('plan and deploy outside of windows say when they open, and exit as for a freeze', async (t) => {
  const folder = aProject(t);
  const refusal = failureOf('outside-window', `${said}.`);
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus()),
    'POST /v1/plans': json({ ...aPlanAnswer(plan), refusal }),
    'POST /v1/deployments': problem(423, 'outside-window', `${said}.`),
  });
  const run = (...argv: readonly string[]) =>
    runCommand([...argv, '--release', '2.0'], { cwd: folder });

  const planned = await run('plan');
  const refused = await run('deploy', '--detach');
  server.answer('POST /v1/deployments', json(aDeployment(), 201));
  const overridden = await run('deploy', '--detach', '--override', 'a leak');

  assert.deepEqual([planned.code, refused.code, overridden.code], [6, 6, 0]);
  assert.ok(planned.err.includes(said), planned.err);
  assert.match(planned.err, /code: outside-window/);
  assert.match(refused.err, /remedy: .*--override <reason>/);
  assert.equal((server.seen.at(-1)?.body as { override?: string }).override, 'a leak');
});

test('whoever follows a deployment is told at its begin that its windows close under it', () => {
  const { release, replaces, scope } = plan.services[0];
  const told = (at: string) =>
    eventLines(
      plan,
      {
        kind: 'audit',
        entry: {
          ...{ sequence: 1, at, scope, deployment: 7, actor: 'local:ada' },
          body: {
            ...{ kind: 'DeploymentRequested', deployment: plan.id, deploymentKind: 'deploy' },
            ...{ release, replaces, planDigest: 'sha256:plan', reason: 'because' },
          },
        },
      },
      { paint: createPaint(false), signs: signsFor({}), withProgress: false, isVerbose: false },
    ).join('\n');

  assert.match(
    told('2026-11-27T15:29:59.000Z'),
    /\(local:ada: because\)\. The deployment windows are open until Fri 2026-11-27 16:30 .*: it will wait/,
  );
  assert.match(told('2026-11-27T12:00:00.000Z'), /\(local:ada: because\)$/);
});

test('status and freezes say what is outside of its windows, and what waits for them', async (t) => {
  const folder = temporaryProject(t);
  const closure = { freezes: [], outside };
  const waiting = { kind: 'closure', before: 'shift-100', closure } as const;
  await startFakeServer(t, folder, {
    'GET /v1/status': json(
      aStatus({ services: [aServiceStatus({ outside, last: aDeployment({ waiting }) })] }),
    ),
    'GET /v1/freezes': json([]),
  });

  const status = await runCommand(['status'], { cwd: folder });
  const freezes = await runCommand(['freezes'], { cwd: folder });

  assert.ok(
    status.out.startsWith(`production/newsroom, by the plan of d7: ${said}.\n`),
    status.out,
  );
  assert.match(status.out, /waiting: the deployment windows/);
  assert.equal(
    freezes.out,
    `Nothing is frozen.\nproduction/newsroom, by the plan of d7: ${said}.\n`,
  );
});
