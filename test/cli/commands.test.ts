import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import { packageVersion } from '../../src/platform/package-version.ts';
import { answersFor, promotedEvents } from './deployment-answers.ts';
import { aDeployment, aPlan, aServiceStatus, aStatus } from './deployment-builder.ts';
import { json, ndjson, problem, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, temporaryProject } from './run-command.ts';

test('the version and the help go to stdout with exit code 0', async () => {
  const version = await runCommand(['--version']);
  const help = await runCommand(['help']);

  assert.deepEqual([version.code, version.out], [0, `${packageVersion()}\n`]);
  assert.equal(help.code, 0);
  for (const name of ['up', 'down', 'init', 'validate', 'plan', 'deploy', 'watch', 'status']) {
    assert.match(help.out, new RegExp(`^  ${name} `, 'm'));
  }
});

test('the help of a command below another is the same by either way', async () => {
  const [asked, flagged] = [
    await runCommand(['help', 'backup', 'take']),
    await runCommand(['backup', 'take', '--help']),
  ];
  const group = await runCommand(['help', 'backup']);
  const unknown = await runCommand(['help', 'backup', 'tkae']);

  assert.deepEqual([asked.code, asked.err], [0, '']);
  assert.match(asked.out, /^Usage: surefoot backup take /);
  assert.equal(asked.out, flagged.out);
  assert.match(group.out, /^Usage: surefoot backup \[options\] \[command\]/);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /There is no command "backup tkae"; see: surefoot help backup\./);
});

test('no command at all is a usage error that shows the help', async () => {
  const { code, err } = await runCommand([]);

  assert.equal(code, 2);
  assert.match(err, /Usage: surefoot/);
});

test('a mistyped command is a usage error with what was probably meant', async () => {
  const { code, err } = await runCommand(['dpeloy']);

  assert.equal(code, 2);
  assert.match(err, /deploy/);
});

test('a command of another part can be added', async () => {
  const { code, out } = await runCommand(['hello'], {
    extraCommands: [
      (program, perform) =>
        perform(program.command('hello'), async ({ output }) => {
          output.result('hi');
          return 0;
        }),
    ],
  });

  assert.deepEqual([code, out], [0, 'hi\n']);
});

test('validate accepts a good configuration and lists every mistake of a bad one', async (t) => {
  const good = await runCommand(['validate'], { cwd: aProject(t) });
  const bad = aProject(t, { config: 'version: 1\nsystem: Newsroom\nrollbakc: {}\n' });
  const refused = await runCommand(['validate'], { cwd: bad });
  const asJson = await runCommand(['validate', '--json'], { cwd: bad });

  assert.deepEqual([good.code, good.out], [0, 'Valid: newsroom (newsroom) for production.\n']);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /surefoot\.yaml:2:9/);
  assert.match(refused.err, /rollbakc/);
  assert.equal(asJson.code, 2);
  const { ok, problems } = JSON.parse(asJson.out) as { ok: boolean; problems: unknown[] };
  assert.equal(ok, false);
  assert.ok(problems.length >= 2);
});

test('plan prints the plan; --detailed-exitcode tells changes from nothing to do', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson()));
  const argv = ['plan', '--release', '2.0'];

  const plain = await runCommand(argv, { cwd: folder });
  const changes = await runCommand([...argv, '--detailed-exitcode'], { cwd: folder });
  server.answer('POST /v1/plans', problem(409, 'already-live', '2.0 already serves.'));
  const nothing = await runCommand([...argv, '--detailed-exitcode'], { cwd: folder });
  const refused = await runCommand(argv, { cwd: folder });
  const error = await runCommand(['plan', '--release', '', '--detailed-exitcode'], { cwd: folder });

  assert.equal(plain.code, 0);
  assert.match(plain.out, /judge-10, within 1 min/);
  assert.deepEqual([changes.code, nothing.code, refused.code, error.code], [2, 0, 2, 1]);
});

test('status shows what serves and waits until nothing is under way', async (t) => {
  const folder = aProject(t);
  const running = aStatus({ services: [aServiceStatus({ last: aDeployment() })] });
  const server = await startFakeServer(t, folder, { 'GET /v1/status': json(running) });

  const late = await runCommand(['status', '--timeout', '1ms'], { cwd: folder });
  server.answer('GET /v1/status', (request, response) => {
    server.answer('GET /v1/status', json(aStatus()));
    json(running)(request, response);
  });
  const settled = await runCommand(['status', '--timeout', '1m', '--json'], { cwd: folder });

  assert.equal(late.code, 5);
  assert.match(late.out, /d7 2\.0 running at judge-10/);
  assert.equal(settled.code, 0);
  assert.deepEqual(JSON.parse(settled.out), aStatus());
});

test('history asks for the newest and filters by service', async (t) => {
  const folder = aProject(t);
  const other = aDeployment({ id: 'd6', services: aPlan({ service: 'mailer' }).services });
  const server = await startFakeServer(t, folder, {
    'GET /v1/deployments': json([aDeployment(), other]),
  });

  const all = await runCommand(['history', '--limit', '5'], { cwd: folder });
  const filtered = await runCommand(['history', '--service', 'mailer', '--json'], { cwd: folder });

  assert.match(all.out, /^d7 .*\nd6 /m);
  assert.equal(server.seen[0]?.path, '/v1/deployments?limit=5');
  assert.deepEqual(JSON.parse(filtered.out), [other]);
});

test('a history without entries says of what there is none', async (t) => {
  const folder = aProject(t);
  await startFakeServer(t, folder, { 'GET /v1/deployments': json([]) });

  const all = await runCommand(['history'], { cwd: folder });
  const filtered = await runCommand(['history', '--service', 'mail', '--environment', 'test'], {
    cwd: folder,
  });

  assert.equal(all.out, 'No deployment yet.\n');
  assert.match(filtered.out, /^No deployment of "mail" in "test" yet/);
});

test('rollback --yes shows what is reverted, starts it and follows it', async (t) => {
  const folder = temporaryProject(t);
  const server = await startFakeServer(t, folder, {
    ...answersFor(ndjson(...promotedEvents())),
  });

  const { code, err } = await runCommand(['rollback', '--yes'], { cwd: folder });

  assert.equal(code, 0, err);
  assert.match(err, /roll back to newsroom 2\.0 in production/);
  const body = server.seen.find(({ path }) => path === '/v1/rollbacks')?.body as object;
  assert.deepEqual({ service: 'newsroom', environment: 'production', ...body }, body);
});

test('abort without an id takes the only running deployment', async (t) => {
  const folder = temporaryProject(t);
  const running = aStatus({ services: [aServiceStatus({ last: aDeployment() })] });
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(running),
    'POST /v1/deployments/d7/abort': json(aDeployment()),
  });

  const { code, out } = await runCommand(['abort', '--reason', 'wrong day'], { cwd: folder });
  server.answer('GET /v1/status', json(aStatus()));
  const none = await runCommand(['abort'], { cwd: folder });
  server.answer('POST /v1/deployments/d7/abort', problem(409, 'request-too-late', 'd7 has ended.'));
  const late = await runCommand(['abort', '7'], { cwd: folder });

  assert.equal(code, 0);
  assert.match(out, /surefoot watch d7/);
  const body = server.seen.find(({ path }) => path.endsWith('abort'))?.body as { reason: string };
  assert.equal(body.reason, 'wrong day');
  assert.deepEqual([none.code, late.code], [2, 2]);
});

test('logs print what instances wrote with control characters made visible', async (t) => {
  const folder = temporaryProject(t);
  const line = {
    at: '2026-01-02T03:04:05.000Z',
    instance: 'production.newsroom.7.0',
    stream: 'stdout',
    text: '\u001b]0;owned\u0007 \u009b2J hello',
  };
  const server = await startFakeServer(t, folder, {
    'GET /v1/status': json(aStatus()),
    'GET /v1/logs': ndjson(line),
  });

  const plain = await runCommand(['logs', '--tail', '5'], { cwd: folder });
  const asJson = await runCommand(['logs', '--deployment', '7', '--json'], { cwd: folder });

  assert.equal(plain.out, 'production.newsroom.7.0: \\x1b]0;owned\\x07 \\x9b2J hello\n');
  assert.deepEqual(JSON.parse(asJson.out), line);
  assert.doesNotMatch(asJson.out.trimEnd(), /[\u0000-\u001f\u007f-\u009f]/);
  const paths = server.seen.map(({ path }) => path);
  assert.ok(
    paths.includes('/v1/logs?service=newsroom&environment=production&tail=5&follow=false'),
    paths.join(),
  );
  assert.ok(paths.includes('/v1/logs?deployment=d7&tail=100&follow=false'), paths.join());
});

test('init writes a configuration that validate accepts, and never over an existing one', async (t) => {
  const folder = temporaryProject(t);
  const argv = ['init', '--system', 'news', '--service', 'web', '--command', 'node server.js'];

  const first = await runCommand(argv, { cwd: folder });
  const text = readFileSync(join(folder, 'surefoot.yaml'), 'utf8');
  writeFileSync(join(folder, 'surefoot.yaml'), `${text}# mine\n`);
  const second = await runCommand(argv, { cwd: folder });
  const kept = readFileSync(join(folder, 'surefoot.yaml'), 'utf8');
  const forced = await runCommand([...argv, '--force'], { cwd: folder });

  assert.equal(first.code, 0, first.err);
  assert.match(text, /system: news/);
  assert.ok(existsSync(join(folder, 'surefoot.schema.json')));
  assert.equal(second.code, 2);
  assert.match(second.err, /--force/);
  assert.match(kept, /# mine/);
  assert.equal(forced.code, 0);
});

test('init without a terminal says which flags are missing', async (t) => {
  const folder = temporaryProject(t);

  const { code, err } = await runCommand(['init'], { cwd: folder });

  assert.equal(code, 2);
  assert.match(err, /--service/);
  assert.ok(!existsSync(join(folder, 'surefoot.yaml')));
});

test('down where nothing was ever started does nothing', async (t) => {
  const folder = temporaryProject(t);

  const { code, out } = await runCommand(['down'], { cwd: folder });

  assert.deepEqual([code, out], [0, 'Nothing runs here.\n']);
  assert.ok(!existsSync(join(folder, '.surefoot')));
});

test('doctor names each fault with a remedy and changes nothing', async (t) => {
  const folder = temporaryProject(t);

  const { code, out } = await runCommand(['doctor'], {
    cwd: folder,
    env: { DATABASE_URL: 'postgresql://elsewhere/x' },
  });

  assert.equal(code, 1);
  assert.match(out, /ok +node/);
  assert.match(out, /fault +configuration/);
  assert.match(out, /configuration: surefoot validate/);
  assert.match(out, /warning +processes +Surefoot does not run here/);
  assert.ok(!existsSync(join(folder, '.surefoot')));
});

test('doctor tells a keeper that is gone from a Surefoot that does not run', async (t) => {
  const folder = temporaryProject(t);
  mkdirSync(join(folder, '.surefoot'), { mode: 0o700 });
  const edge = createServer((_, response) => response.end('{}'));
  await new Promise<void>((listens) =>
    edge.listen(join(folder, '.surefoot', 'edge.sock'), listens),
  );
  t.after(() => edge.close());

  const { out } = await runCommand(['doctor'], { cwd: folder });

  assert.match(out, /fault +keeper +it is gone: what it started goes on/);
});
