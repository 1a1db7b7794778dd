import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { failsWith } from '../../test/support/fails-with.ts';
import { temporaryStateDirectory } from '../../test/support/temporary-state-directory.ts';
import { until } from '../../test/support/until.ts';
import { systemClock } from './clock.ts';
import type { KeeperRole } from './keep-role.ts';
import { runKeeper, type KeeperOptions } from './keeper.ts';
import { readKeeperRecord } from './keeper-record.ts';
import { keeperStatus, type KeeperStatus } from './keeper-status.ts';
import { createLog } from './log.ts';
import { postgresStatus } from './postgres-status.ts';
import { identifyProcess } from './process-identity.ts';
import { startKeeper } from './start-keeper.ts';
import type { StateDirectory } from './state-directory.ts';
import { stopKeeper } from './stop-keeper.ts';

const sleeper = ['sleep', '600'];

function aRole(name: string, command: readonly string[] = sleeper): KeeperRole {
  return { name, command, readyWhen: () => Promise.resolve(true) };
}

/** A keeper in this process; ended with the test, its children by the state directory's clean-up. */
function keeperHere(
  t: TestContext,
  directory: StateDirectory,
  options: Partial<KeeperOptions> = {},
) {
  const end = new AbortController();
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const running = runKeeper({
    directory,
    roles: [aRole('edge'), aRole('host')],
    database: 'external',
    signal: end.signal,
    log: createLog({ write }),
    ...options,
  });
  t.after(() => {
    end.abort();
  });
  return { running, end, lines };
}

/** A program that runs a keeper, for `startKeeper`. A role is ready when it has written its file. */
function keeperProgram(
  directory: StateDirectory,
  roles: Record<string, readonly string[]>,
  database = 'external',
): readonly [string, ...string[]] {
  const folder = new URL('./', import.meta.url).href;
  const program = join(directory.root, 'keeper.mjs');
  writeFileSync(
    program,
    `import { existsSync } from 'node:fs';
    const { runKeeper } = await import('${folder}keeper.ts');
    const { createLog } = await import('${folder}log.ts');
    const { stateDirectoryAt } = await import('${folder}state-directory.ts');
    const root = ${JSON.stringify(directory.root)};
    const roles = Object.entries(${JSON.stringify(roles)}).map(([name, command]) => ({
      name,
      command,
      needsDatabase: true,
      readyWhen: async () => existsSync(root + '/' + name + '.ready'),
    }));
    await runKeeper({
      directory: stateDirectoryAt(root), roles, database: '${database}', log: createLog(),
      signal: new AbortController().signal,
    });`,
  );
  return [process.execPath, program];
}

/** Says that it is ready, in its working directory, stays, and notes when it is asked to end. */
function readyRole(name: string): readonly string[] {
  const script = `const { appendFileSync, writeFileSync } = require('node:fs');
    process.on('SIGTERM', () => {
      appendFileSync('ended', '${name} ');
      process.exit();
    });
    setInterval(() => {}, 1e6);
    writeFileSync('${name}.ready', '');`;
  return [process.execPath, '-e', script];
}

function pidOf(status: KeeperStatus | null, role: string): number | null {
  return status?.roles.find(({ name }) => name === role)?.pid ?? null;
}

async function statusWithAll(directory: StateDirectory): Promise<KeeperStatus> {
  let status: KeeperStatus | null = null;
  await until('all roles run', async () => {
    status = await keeperStatus(directory);
    return status?.roles.every(({ pid }) => pid !== null) ?? false;
  });
  assert.ok(status);
  return status;
}

async function isGone(pid: number): Promise<boolean> {
  return (await identifyProcess(pid)) === null;
}

test('a killed process is started again, and the others are left alone', async (t) => {
  const directory = temporaryStateDirectory(t);
  keeperHere(t, directory);
  const before = await statusWithAll(directory);
  const edge = pidOf(before, 'edge');
  assert.ok(edge);

  process.kill(edge, 'SIGKILL');
  await until('another edge runs', async () => {
    const pid = pidOf(await keeperStatus(directory), 'edge');
    return pid !== null && pid !== edge;
  });

  const after = await keeperStatus(directory);
  assert.equal(after?.roles[0]?.restarts, 1);
  assert.equal(pidOf(after, 'host'), pidOf(before, 'host'));
});

test('the next keeper adopts what lives, replaces what died and ends what has no role', async (t) => {
  const directory = temporaryStateDirectory(t);
  const roles = [aRole('edge'), aRole('host'), aRole('former')];
  const first = keeperHere(t, directory, { roles });
  const before = await statusWithAll(directory);
  first.end.abort();
  await first.running;
  const [edge, host, former] = before.roles.map(({ pid }) => pid);
  assert.ok(edge && host && former);
  process.kill(host, 'SIGKILL');
  await until('the host is dead', () => isGone(host));

  const second = keeperHere(t, directory);
  const after = await statusWithAll(directory);

  assert.equal(pidOf(after, 'edge'), edge);
  assert.notEqual(pidOf(after, 'host'), host);
  await until('the former role has ended', () => isGone(former));
  process.kill(edge, 'SIGKILL');
  await until('the end of an adopted process is noticed too', async () => {
    const pid = pidOf(await keeperStatus(directory), 'edge');
    return pid !== null && pid !== edge;
  });
  second.end.abort();
  await second.running;
});

test('a second keeper is refused and touches nothing', async (t) => {
  const directory = temporaryStateDirectory(t);
  keeperHere(t, directory);
  const before = await statusWithAll(directory);

  const second = keeperHere(t, directory, { roles: [] });

  await assert.rejects(
    second.running,
    failsWith('state-directory-unusable', new RegExp(`process ${process.pid}`)),
  );
  assert.deepEqual((await keeperStatus(directory))?.roles, before.roles);
});

test('a process that ends again and again is started with growing delays', async (t) => {
  const directory = temporaryStateDirectory(t);
  const sleep = (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 1), signal);

  const { lines } = keeperHere(t, directory, {
    roles: [aRole('edge', ['false'])],
    clock: { ...systemClock, sleep },
  });
  const delays = () =>
    lines.filter(({ level }) => level === 'warn').map(({ delayMs }) => Number(delayMs));
  await until('it ended nine times', () => delays().length >= 9);

  assert.deepEqual(delays().slice(0, 9), [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
});

test('stop ends the last role first, then PostgreSQL, then the keeper', async (t) => {
  const directory = temporaryStateDirectory(t);
  const command = keeperProgram(
    directory,
    { edge: readyRole('edge'), server: readyRole('server') },
    'embedded',
  );
  const { status, adopted } = await startKeeper({ directory, command });
  assert.equal(adopted, false);
  assert.equal(status.postgres?.serving, true);
  assert.equal((await startKeeper({ directory, command })).adopted, true);

  await stopKeeper(directory);

  const pids = [status.pid, status.postgres.pid, ...status.roles.map(({ pid }) => pid)];
  for (const pid of pids) {
    assert.ok(pid);
    assert.ok(await isGone(pid), `process ${pid} is left`);
  }
  assert.equal(await keeperStatus(directory), null);
  assert.equal(readFileSync(join(directory.root, 'ended'), 'utf8'), 'server edge ');
  assert.equal((await postgresStatus(directory))?.serving, false);
  assert.equal(readKeeperRecord(directory), null);
  await stopKeeper(directory);
});

test('a killed keeper takes nothing along; the next adopts, and stop works without any', async (t) => {
  const directory = temporaryStateDirectory(t);
  const command = keeperProgram(directory, { edge: readyRole('edge') });
  const first = await startKeeper({ directory, command });
  const edge = pidOf(first.status, 'edge');
  assert.ok(edge);
  process.kill(first.status.pid, 'SIGKILL');
  await until('the keeper is dead', () => isGone(first.status.pid));
  assert.equal(await keeperStatus(directory), null);
  assert.equal(await isGone(edge), false);

  const second = await startKeeper({ directory, command });

  assert.equal(second.adopted, false);
  assert.equal(pidOf(second.status, 'edge'), edge);
  process.kill(second.status.pid, 'SIGKILL');
  await until('the keeper is dead', () => isGone(second.status.pid));
  await stopKeeper(directory);
  assert.equal(await isGone(edge), true);
});

test('a role that does not come up is named with its last lines, and nothing is left', async (t) => {
  const directory = temporaryStateDirectory(t);
  const command = keeperProgram(directory, {
    host: readyRole('host'),
    edge: ['sh', '-c', 'echo the port is taken >&2; exit 3'],
  });

  await assert.rejects(
    startKeeper({ directory, command }),
    failsWith('process-not-started', /"edge" ends again and again[^]*the port is taken/),
  );

  assert.equal(await keeperStatus(directory), null);
  assert.equal(existsSync(directory.keeperFile), false);
});

test('a keeper that ends at once is reported with its last lines', async (t) => {
  const directory = temporaryStateDirectory(t);

  await assert.rejects(
    startKeeper({ directory, command: ['sh', '-c', 'echo no such option >&2; exit 2'] }),
    failsWith('process-not-started', /no such option/),
  );
  await assert.rejects(
    startKeeper({ directory, command: [join(directory.root, 'missing')] }),
    failsWith('process-not-started'),
  );
});

test('a process with the recorded pid but another start is neither adopted nor ended', async (t) => {
  const directory = temporaryStateDirectory(t);
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(stranger, 'spawn');
  t.after(() => stranger.kill('SIGKILL'));
  const { pid } = stranger;
  const role = { name: 'edge', process: { pid, startTime: 'earlier' }, restarts: 4, since: '' };
  writeFileSync(
    directory.keeperFile,
    JSON.stringify({ keeper: { pid: 1, startTime: 'earlier' }, roles: [role] }),
  );

  keeperHere(t, directory, { roles: [aRole('edge')] });
  const status = await statusWithAll(directory);
  await stopKeeper(directory);

  assert.notEqual(pidOf(status, 'edge'), pid);
  assert.deepEqual([stranger.exitCode, stranger.signalCode], [null, null]);
});

test('a record that cannot be written delays a start and does not end the keeper', async (t) => {
  const directory = temporaryStateDirectory(t);
  const { lines } = keeperHere(t, directory, { roles: [aRole('edge')] });
  const before = await statusWithAll(directory);
  const edge = pidOf(before, 'edge');
  assert.ok(edge);
  const inTheWay = `${directory.keeperFile}.new`;
  mkdirSync(inTheWay);

  process.kill(edge, 'SIGKILL');
  await until('a start has failed', () =>
    lines.some(({ message }) => message === 'A process could not be started.'),
  );
  rmdirSync(inTheWay);

  const after = await statusWithAll(directory);
  assert.notEqual(pidOf(after, 'edge'), edge);
  await until('the record has it', () => {
    const pid = readKeeperRecord(directory)?.roles[0]?.process?.pid;
    return pid !== undefined && pid !== edge;
  });
});
