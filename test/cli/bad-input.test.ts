// The numbers are those of the list of bad inputs.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import test from 'node:test';
import { systemClock, type Clock } from '../../src/platform/clock.ts';
import { createStateDirectory, stateDirectoryAt } from '../../src/platform/state-directory.ts';
import { until } from '../support/until.ts';
import { answersFor, changesIn, promotedEvents, startingWith } from './deployment-answers.ts';
import { aStatus } from './deployment-builder.ts';
import { json, ndjson, problem, startFakeServer, type Answer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, startCommand, temporaryProject } from './run-command.ts';

const badVersions: Readonly<Record<string, string>> = {
  'an empty text': '',
  'an option': '-rf',
  'a hidden name': '.hidden',
  'a path': '../../etc',
  'an emoji': '🚀',
  'a right-to-left mark': '1.0\u202e',
  'look-alike letters': '1.\u041e',
  'a line end': '1.0\n',
  '64 KB': '1'.repeat(65_536),
};

for (const [what, version] of Object.entries(badVersions)) {
  test(`61: ${what} is no version of a release`, async (t) => {
    const folder = aProject(t);
    const server = await startFakeServer(t, folder, answersFor(startingWith()));

    const { code, err } = await runCommand(['deploy', '--release', version], { cwd: folder });

    assert.equal(code, 2);
    assert.match(err, /is not a version/);
    assert.ok(err.length < 1_000);
    assert.doesNotMatch(err, /[\u202e\u0007]/);
    assert.deepEqual(server.seen, []);
  });
}

test('61: an option that is missing, unknown or has no value is a usage error', async (t) => {
  const folder = aProject(t);

  for (const argv of [
    ['deploy'],
    ['deploy', '--release'],
    ['deploy', '--realease', '2.0'],
    ['watch', '../7'],
    ['watch', 'd0'],
    ['history', '--limit', '1e3'],
    ['logs', '--tail', '-1'],
    ['status', '--timeout', '10 minutes'],
    ['abort', 'd7', '--reason', 'x'.repeat(2_001)],
    ['plan', 'one', 'two', '--release', '2.0'],
    ['\u001b[2J'.repeat(100)],
  ]) {
    const { code, err } = await runCommand(argv, { cwd: folder });

    assert.equal(code, 2, `${argv.join(' ')}: ${err}`);
    assert.doesNotMatch(err, /\u001b/);
  }
});

test('61: a release that is not there, and a service that is not declared, are refused', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));

  const missing = await runCommand(['deploy', '--release', '9.9'], { cwd: folder });
  const unknown = await runCommand(['deploy', 'mailer', '--release', '2.0'], { cwd: folder });
  const elsewhere = await runCommand(['deploy', '--release', '2.0', '--environment', 'moon'], {
    cwd: folder,
  });

  assert.deepEqual([missing.code, unknown.code, elsewhere.code], [2, 2, 2]);
  assert.match(missing.err, /releases\/9\.9" does not exist/);
  assert.match(unknown.err, /declared are: newsroom/);
  assert.match(elsewhere.err, /there is no environment "moon"/);
  assert.deepEqual(server.seen, []);
});

test('62: of two terminals that deploy at once, the second is told who is running', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));
  server.answer('POST /v1/deployments', problem(423, 'scope-busy', 'Deployment d6 is running.'));

  const { code, err } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });

  assert.equal(code, 6);
  assert.match(err, /Deployment d6 is running\./);
  assert.match(err, /--wait/);
});

test('63: without a server every command says how to start it', async (t) => {
  const folder = aProject(t);

  for (const argv of [
    ['status'],
    ['history'],
    ['watch', 'd7'],
    ['abort', 'd7'],
    ['rollback', '--yes'],
    ['logs'],
    ['plan', '--release', '2.0'],
    ['deploy', '--release', '2.0'],
  ]) {
    const { code, err } = await runCommand(argv, { cwd: folder });

    assert.equal(code, 1, `${argv.join(' ')}: ${err}`);
    assert.match(err, /surefoot up/);
  }
});

test('63: a socket that its server left behind is the same as none', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));
  await server.kill();
  writeFileSync(join(folder, '.surefoot', 'server.sock'), '');

  const { code, err } = await runCommand(['status'], { cwd: folder });

  assert.equal(code, 1);
  assert.match(err, /surefoot up/);
});

test('63: a server of another version is refused before anything is sent to it', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));
  server.answer('GET /v1/status', json(aStatus({ version: '9.0.0\u001b[2J' })));

  const deploy = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });
  const status = await runCommand(['status'], { cwd: folder });

  assert.equal(deploy.code, 1);
  assert.match(deploy.err, /code: version-differs/);
  assert.match(deploy.err, /surefoot down/);
  assert.doesNotMatch(deploy.err, /\u001b/);
  assert.deepEqual(changesIn(server), []);
  assert.equal(status.code, 0);
  assert.match(status.err, /warning: The server is of version 9\.0\.0/);
});

test('63: something else on the socket is told from a server', async (t) => {
  const folder = aProject(t);
  const state = stateDirectoryAt(join(folder, '.surefoot'));
  await createStateDirectory(state);
  const foreign = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.end('220 mail.example.com ESMTP\r\n');
  });
  await new Promise<void>((resolve) => foreign.listen(state.serverSocket, resolve));
  t.after(() => foreign.close());

  const { code, err } = await runCommand(['status'], { cwd: folder });

  assert.equal(code, 1);
  assert.match(err, /does not speak the protocol/);
});

for (const [what, answer] of Object.entries<Answer>({
  'a page': (_request, response) => response.end('<html>hello</html>'),
  'an error page': (_request, response) => response.writeHead(502).end('Bad Gateway'),
  'other data': json({ hello: 'world' }),
  null: json(null),
  'an unknown failure': problem(418, 'teapot', 'short and stout'),
})) {
  test(`63: a server that answers with ${what} is of another protocol`, async (t) => {
    const folder = aProject(t);
    const server = await startFakeServer(t, folder, answersFor(startingWith()));
    server.answer('GET /v1/status', answer);

    const { code, err } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder });

    assert.equal(code, 1);
    assert.match(err, /version-differs/);
    assert.deepEqual(changesIn(server), []);
  });
}

test('64: a clock that is a year off changes nothing', async (t) => {
  const folder = aProject(t);
  await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));
  const yearMs = 365 * 86_400_000;
  const skewed = (offsetMs: number): Clock => ({
    ...systemClock,
    wallMs: () => systemClock.wallMs() + offsetMs,
  });
  const argv = ['deploy', '--release', '2.0', '--verbose'];

  const right = await runCommand(argv, { cwd: folder });
  const early = await runCommand(argv, { cwd: folder, clock: skewed(-yearMs) });
  const late = await runCommand(argv, { cwd: folder, clock: skewed(yearMs) });

  assert.equal(right.code, 0);
  assert.deepEqual([early, late], [right, right]);
});

test('65: neither HOME nor any other variable is needed', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));

  const { code } = await runCommand(['deploy', '--release', '2.0'], { cwd: folder, env: {} });

  assert.equal(code, 0);
  const body = server.seen.find(({ path }) => path === '/v1/deployments')?.body as {
    actor: string;
  };
  assert.notEqual(body.actor, '');
});

test('65: where nothing can be written, init and up say so and leave nothing behind', async (t) => {
  const folder = temporaryProject(t);
  // Root may write anywhere, but not below a file.
  const file = join(folder, 'file');
  writeFileSync(file, '');

  const init = await runCommand(
    ['init', '--service', 'web', '--command', 'node a.js', '--config', join(file, 'surefoot.yaml')],
    { cwd: folder },
  );
  const up = await runCommand(['up', '--state-dir', join(file, 'state')], { cwd: folder });
  const long = await runCommand(['up', '--state-dir', join(folder, 'x'.repeat(120))], {
    cwd: folder,
  });

  assert.deepEqual([init.code, up.code, long.code], [2, 2, 2]);
  assert.match(init.err, /cannot be written/);
  assert.match(up.err, /state-directory-unusable/);
  assert.match(long.err, /too long for Unix sockets/);
  assert.deepEqual(readdirSync(folder), ['file']);
});

test('65: a state directory that others may open is a fault with a remedy', async (t) => {
  const folder = aProject(t);
  const state = join(folder, '.surefoot');
  mkdirSync(state);
  chmodSync(state, 0o777);

  const { code, out } = await runCommand(['doctor'], {
    cwd: folder,
    env: { DATABASE_URL: 'postgresql://elsewhere/x' },
  });

  assert.equal(code, 1);
  assert.match(out, /open to others \(mode 777\)/);
  assert.match(out, new RegExp(`chmod 700 ${state}`));
});

test('65: a umask of 000 opens no state directory', async (t) => {
  const folder = temporaryProject(t);
  const umask = process.umask(0);
  try {
    await createStateDirectory(stateDirectoryAt(join(folder, 'state')));
  } finally {
    process.umask(umask);
  }

  assert.equal(statSync(join(folder, 'state')).mode & 0o777, 0o700);
});

test('66: in locale C everything printed is ASCII', async (t) => {
  const folder = aProject(t);
  await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));

  for (const argv of [['help'], ['plan', '--release', '2.0'], ['watch', 'd7'], ['status']]) {
    const { code, out, err } = await runCommand(argv, { cwd: folder, env: { LC_ALL: 'C' } });

    assert.equal(code, 0);
    assert.match(`${out}${err}`, /^[\t\n\u0020-\u007e]*$/);
  }
});

test('66: on a terminal of 20 columns the changing lines never wrap', async (t) => {
  const folder = aProject(t);
  const held = startingWith(...promotedEvents().slice(0, 2));
  await startFakeServer(t, folder, answersFor(held));
  const running = startCommand(t, ['watch', 'd7'], { cwd: folder, columns: 20 });
  await until('the step is shown', () => running.err().includes('[1/17] > Check'));

  running.interrupt();
  await running.code;

  const [frame = ''] = running.err().split('goes on without');
  const shown = frame.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '').split('\n');
  assert.ok(shown.filter((line) => line.includes('[1/17]')).every((line) => line.length <= 20));
});

test('66: NO_COLOR, CI and TERM=dumb keep escape sequences out of a terminal', async (t) => {
  const folder = aProject(t);
  await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));

  for (const env of [{ NO_COLOR: '1' }, { TERM: 'dumb' }, { CI: '1', NO_COLOR: '1' }]) {
    const { code, out, err } = await runCommand(['watch', 'd7'], { cwd: folder, env, columns: 80 });

    assert.equal(code, 0);
    assert.doesNotMatch(`${out}${err}`, /\u001b/, JSON.stringify(env));
  }
});

test('66: FORCE_COLOR brings colours where there is no terminal', async (t) => {
  const folder = aProject(t);
  await startFakeServer(t, folder, answersFor(ndjson(...promotedEvents())));

  const plain = await runCommand(['watch', 'd7'], { cwd: folder });
  const forced = await runCommand(['watch', 'd7'], { cwd: folder, env: { FORCE_COLOR: '1' } });

  assert.doesNotMatch(plain.out, /\u001b/);
  assert.match(forced.out, /\u001b\[32m/);
});
