// The numbers are those of the list of bad inputs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { until } from '../support/until.ts';
import { answersFor, changesIn, promotedEvents, startingWith } from './deployment-answers.ts';
import { startFakeServer } from './fake-server.ts';
import { aProject } from './project-builder.ts';
import { runCommand, startCommand, temporaryProject } from './run-command.ts';

const TERMINAL = { columns: 80 };

test('57: Ctrl-C at the question of a deployment starts nothing', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));
  const running = startCommand(t, ['deploy', '--release', '2.0'], { cwd: folder, ...TERMINAL });
  await until('the question stands', () => running.err().includes('Deploy newsroom 2.0'));

  running.stdin.write('\u0003');

  assert.equal(await running.code, 130);
  assert.match(running.err(), /Nothing was changed/);
  assert.deepEqual(changesIn(server), []);
});

test('57: Ctrl-C at the question of a rollback starts nothing', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));
  const running = startCommand(t, ['rollback'], { cwd: folder, ...TERMINAL });
  await until('the question stands', () => running.err().includes('Go from 1.0 back'));

  running.stdin.write('\u0003');

  assert.equal(await running.code, 130);
  assert.deepEqual(changesIn(server), []);
});

test('57: Ctrl-C in the wizard of init writes nothing', async (t) => {
  const folder = temporaryProject(t);
  const running = startCommand(t, ['init'], { cwd: folder, ...TERMINAL });
  await until('the question stands', () => running.err().includes('What is the whole called?'));

  running.stdin.write('\u0003');

  assert.equal(await running.code, 130);
  assert.deepEqual(readdirSync(folder), []);
});

test('57: Ctrl-C while a deployment is shown leaves it alone and says how to come back', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));
  const running = startCommand(t, ['deploy', '--release', '2.0'], { cwd: folder });
  await until('events are awaited', () => server.seen.some(({ path }) => path.includes('events')));

  running.interrupt();

  assert.equal(await running.code, 130);
  assert.match(running.err(), /d7 goes on without this terminal/);
  assert.match(running.err(), /surefoot watch d7/);
  assert.match(running.err(), /surefoot abort d7/);
  assert.deepEqual(changesIn(server), ['/v1/deployments']);
});

test('57: Ctrl-C while the server is away leaves at once', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));
  const running = startCommand(t, ['watch', 'd7'], { cwd: folder });
  await until('events are awaited', () => server.seen.some(({ path }) => path.includes('events')));
  await server.kill();
  await until('the loss is told', () => running.err().includes('The server is away'));

  running.interrupt();

  assert.equal(await running.code, 130);
});

test('58: a second Ctrl-C finds nobody who listens, so that the process ends at once', async () => {
  const environment = join(import.meta.dirname, '../../src/cli/process-environment.ts');
  const program = `
    const { processEnvironment } = await import(${JSON.stringify(environment)});
    const { onInterrupt } = processEnvironment({ drivers: [], mainPath: '' });
    setInterval(() => undefined, 1_000);
    onInterrupt(() => {
      console.log('heard once');
      process.kill(process.pid, 'SIGINT');
    });
    process.kill(process.pid, 'SIGINT');
  `;

  const ending = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);

  await assert.rejects(ending, (error: { signal?: string; stdout?: string }) => {
    assert.deepEqual([error.signal, error.stdout], ['SIGINT', 'heard once\n']);
    return true;
  });
});

test('59: a reader of stdout that goes away ends the command and not the deployment', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith(promotedEvents()[0])));
  const running = startCommand(t, ['watch', 'd7', '--json'], { cwd: folder });
  await until('an event is shown', () => running.out() !== '');

  running.closeStdout();

  assert.equal(await running.code, 130);
  assert.doesNotMatch(running.err(), /EPIPE|internal-error/);
  assert.deepEqual(changesIn(server), []);
});

test('60: a rollback without a terminal and without --yes says what to type', async (t) => {
  const folder = aProject(t);
  const server = await startFakeServer(t, folder, answersFor(startingWith()));

  const { code, err } = await runCommand(['rollback'], { cwd: folder });

  assert.equal(code, 2);
  assert.match(err, /surefoot rollback --service newsroom --environment production --yes/);
  assert.deepEqual(changesIn(server), []);
});
