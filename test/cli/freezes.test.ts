import assert from 'node:assert/strict';
import test from 'node:test';
import { failureOf } from '../../src/core/failures.ts';
import { aFreeze } from '../support/core/freeze-builder.ts';
import { aDeployment, aPlanAnswer, aServiceStatus, aStatus } from './deployment-builder.ts';
import { json, problem, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, temporaryProject } from './run-command.ts';

const clock = { wallMs: () => Date.parse('2026-11-27T09:00:00Z') };

test('freeze names places and an end, and says what is frozen by whom, until when and why', async (t) => {
  const folder = temporaryProject(t);
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus({ services: [aServiceStatus()] })),
    'POST /v1/freezes': json([aFreeze({ until: '2026-12-01T08:00:00.000Z' })], 201),
  });
  const run = (...argv: readonly string[]) =>
    runCommand(['freeze', ...argv, '--reason', 'audit'], { cwd: folder });

  const frozen = await run(
    'production',
    'production/newsroom',
    '--until',
    '2099-12-01T09:00+01:00',
  );
  const counted = await run('production', '--for', '4h');

  assert.equal(frozen.code, 0);
  assert.equal(
    frozen.out,
    'production is frozen by local:eve until 2026-12-01T08:00:00.000Z (freeze 1): audit.\n',
  );
  assert.equal(counted.code, 0);
  const bodies = server.seen.flatMap(({ body }) => (body ? [body as Record<string, unknown>] : []));
  assert.deepEqual(bodies[0]?.['places'], [
    { environment: 'production' },
    { environment: 'production', service: 'newsroom' },
  ]);
  assert.equal(bodies[0]['until'], '2099-12-01T08:00:00.000Z');
  assert.ok(Date.parse(String(bodies[1]?.['until'])) > clock.wallMs());
});

test('freeze asks nobody to freeze what it does not know, or without a reason or a sound end', async (t) => {
  const folder = temporaryProject(t);
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus({ services: [aServiceStatus()] })),
  });
  const reason = ['--reason', 'audit'];

  for (const [argv, said] of [
    [['prodcution', ...reason], /"prodcution" is no place.* production\/newsroom/],
    [['newsroom', ...reason], /To name a service: production\/newsroom/],
    [['production'], /--reason/],
    [['production', '--reason', ' '], /--reason is empty/],
    [['production', ...reason, '--until', '2099-12-01T09:00'], /says no offset/],
    [['production', ...reason, '--until', 'tomorrow'], /is no time/],
    [['production', ...reason, '--until', '2020-12-01T09:00Z'], /not in the future/],
    [['production', ...reason, '--until', '2099-12-01T09:00Z', '--for', '1h'], /one of them/],
  ] as const) {
    const { code, err } = await runCommand(['freeze', ...argv], { cwd: folder });
    assert.equal(code, 2, argv.join(' '));
    assert.match(err, said);
  }
  assert.ok(server.seen.every(({ method }) => method === 'GET'));
});

test('what surefoot.yaml declares can be frozen before anything was deployed', async (t) => {
  const folder = aProject(t);
  await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus({ services: [] })),
    'POST /v1/freezes': json([aFreeze()], 201),
  });

  const { code } = await runCommand(['freeze', 'production/newsroom', '--reason', 'audit'], {
    cwd: folder,
  });

  assert.equal(code, 0);
});

test('freezes are listed, and lifted by number, or by place where there is one only', async (t) => {
  const folder = temporaryProject(t);
  const web = aFreeze({ id: 3, service: 'web', until: '2026-12-01T08:00:00.000Z' });
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus()),
    'GET /v1/freezes': json([aFreeze(), aFreeze({ id: 2 }), web]),
    'POST /v1/freezes/lift': json([web]),
  });
  const lift = (...names: readonly string[]) =>
    runCommand(['unfreeze', ...names, '--reason', 'done'], { cwd: folder });

  const list = await runCommand(['freezes'], { cwd: folder });
  const lifted = await lift('production/web', '1');
  const twice = await lift('production');
  const unknown = await lift('staging');

  assert.equal(list.code, 0);
  assert.match(
    list.out,
    /3 +production\/web +2026-11-27 09:00 +2026-12-01 08:00 +local:eve +audit/,
  );
  assert.deepEqual([lifted.code, lifted.out], [0, 'Freeze 3 of production/web is lifted.\n']);
  const sent = server.seen.filter(({ method }) => method === 'POST');
  assert.deepEqual(
    sent.map(({ body }) => (body as { freezes: unknown }).freezes),
    [[3, 1]],
  );
  assert.deepEqual([twice.code, unknown.code], [2, 2]);
  assert.match(twice.err, /more than once.*\(freeze 1\).*\(freeze 2\)/);
  assert.match(unknown.err, /"staging" is not frozen/);
});

test('plan shows what it would do and that it is frozen, with the exit code for that', async (t) => {
  const folder = aProject(t);
  const refusal = failureOf(
    'frozen',
    'production is frozen by local:eve until it is lifted: audit.',
  );
  await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus()),
    'POST /v1/plans': json({ ...aPlanAnswer(), refusal }),
  });
  const run = (...more: readonly string[]) =>
    runCommand(['plan', '--release', '2.0', ...more], { cwd: folder });

  const plan = await run();
  const detailed = await run('--detailed-exitcode');

  assert.equal(plan.code, 6);
  assert.match(plan.out, /digest/);
  assert.match(plan.err, /error: production is frozen by local:eve.*\n.*code: frozen\n.*remedy: /);
  assert.equal(detailed.code, 2);
});

test('deploy is refused with the exit code for that, and takes an override with its reason', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus()),
    'POST /v1/deployments': problem(423, 'frozen', 'production is frozen by local:eve.'),
  });
  const run = (...more: readonly string[]) =>
    runCommand(['deploy', '--release', '2.0', '--detach', ...more], { cwd: folder });

  const refused = await run();
  server.answer('POST /v1/deployments', json(aDeployment(), 201));
  const overridden = await run('--override', 'a leak');
  const unexplained = await run('--override', '');

  assert.equal(refused.code, 6);
  assert.match(refused.err, /remedy: .*surefoot freezes.*--override/);
  assert.equal(overridden.code, 0);
  assert.equal(unexplained.code, 2);
  const sent = server.seen.filter(({ path }) => path === '/v1/deployments');
  assert.deepEqual(
    sent.map(({ body }) => (body as { override?: string }).override),
    [undefined, 'a leak'],
  );
});

test('deploy and plan take the reason why a schema that has drifted is accepted', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus()),
    'POST /v1/plans': json(aPlanAnswer()),
    'POST /v1/deployments': json(aDeployment(), 201),
  });
  const run = (command: string, ...more: readonly string[]) =>
    runCommand([command, '--release', '2.0', ...more], { cwd: folder });

  const planned = await run('plan', '--accept-drift', 'an index by hand');
  const deployed = await run('deploy', '--detach', '--accept-drift', 'an index by hand');
  const unexplained = await run('deploy', '--detach', '--accept-drift', ' ');

  assert.deepEqual([planned.code, deployed.code, unexplained.code], [0, 0, 2]);
  assert.match(unexplained.err, /--accept-drift is empty; say why/);
  const sent = server.seen.filter(({ method }) => method === 'POST');
  assert.deepEqual(
    sent.map(({ body }) => (body as { acceptDrift?: string }).acceptDrift),
    ['an index by hand', 'an index by hand'],
  );
});

test('resume overrides a freeze with a reason of its own', async (t) => {
  const folder = temporaryProject(t);
  const server = await startFakeServer(t, folder, {
    'POST /v1/deployments/d7/resume': json({
      ...{ outcome: 'done', because: null, deployment: aDeployment() },
    }),
  });
  const run = (...more: readonly string[]) =>
    runCommand(['resume', 'd7', '--override', 'a leak', ...more], { cwd: folder });

  const resumed = await run();
  const twice = await run('--reason', 'lunch');

  assert.deepEqual([resumed.code, twice.code], [0, 2]);
  const [sent] = server.seen;
  const { reason, override } = sent?.body as { reason: string; override: boolean };
  assert.deepEqual([reason, override], ['a leak', true]);
});

test('status says what is frozen', async (t) => {
  const folder = temporaryProject(t);
  const closure = { freezes: [aFreeze()] };
  const waiting = { kind: 'closure', before: 'shift-100', closure } as const;
  await startFakeServer(t, folder, {
    'GET /v1/status': json(
      aStatus({
        freezes: [aFreeze()],
        services: [aServiceStatus({ last: aDeployment({ waiting }) })],
      }),
    ),
  });

  const { out } = await runCommand(['status'], { cwd: folder });

  assert.match(out, /^production is frozen by local:eve until it is lifted \(freeze 1\): audit\./);
  assert.match(out, /waiting: production is frozen/);
});
