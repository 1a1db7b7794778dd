import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand } from './run-command.ts';

const answersOf = (version: string) => ({
  'GET /v1/status': json({ version, driving: true, services: [] }),
});

const versionIn = (out: string): unknown =>
  (JSON.parse(out) as { readonly version: unknown }).version;

test('the first server is asked, and the next one where nobody listens', async (t) => {
  const folder = aProject(t);
  const first = await startFakeServer(t, folder, answersOf('1'));
  await startFakeServer(t, folder, answersOf('2'), 'server-2');
  const asked = () => runCommand(['status', '--json'], { cwd: folder });

  const both = await asked();
  await first.kill();
  const one = await asked();

  assert.deepEqual(
    [both, one].map(({ out }) => versionIn(out)),
    ['1', '2'],
  );
});

test('a server that is named is asked, and no other', async (t) => {
  const folder = aProject(t);
  await startFakeServer(t, folder, answersOf('1'));
  await startFakeServer(t, folder, answersOf('2'), 'server-2');

  const named = await runCommand(['--server', 'server-2', 'status', '--json'], { cwd: folder });
  const absent = await runCommand(['--server', 'server-3', 'status', '--json'], { cwd: folder });

  assert.equal(versionIn(named.out), '2');
  assert.equal(absent.code, 1);
  assert.match(absent.err, /Nobody answers on .*server-3\.sock/);
});

test('a server that there cannot be, and a number of servers that cannot be kept, are usage errors', async (t) => {
  const folder = aProject(t);

  for (const argv of [
    ['--server', '../server', 'status'],
    ['up', '--servers', '0'],
    ['up', '--servers', '6'],
    ['up', '--servers', 'two'],
  ]) {
    const { code, err } = await runCommand(argv, { cwd: folder });

    assert.equal(code, 2, argv.join(' '));
    assert.match(err, /is none of: server, server-2|is not a whole number from 1 to 5/);
  }
});
