import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { hostProcessOf } from '../../test/support/host/host-process-of.ts';
import { hostBench, servingScript, type HostBench } from '../../test/support/host/running-host.ts';
import { until } from '../../test/support/until.ts';
import type { InstanceObservation, PoolObservation, PoolSpec } from '../core/model/pool.ts';
import { identifyProcess } from '../platform/process-identity.ts';
import type { InstanceRecord } from './host-records.ts';

async function ensure(bench: HostBench, spec: PoolSpec, sequence = 1): Promise<PoolObservation> {
  const body = { spec, token: { deployment: 1, sequence } };
  return (await bench.post('/v1/ensure', body)) as PoolObservation;
}

async function ask(instance: InstanceObservation, path = '/'): Promise<string> {
  return (await fetch(`http://${instance.host}:${instance.port}${path}`)).text();
}

async function onlyInstance(bench: HostBench): Promise<InstanceObservation> {
  return (await bench.pools())[0]!.instances[0]!;
}

function recordPath(bench: HostBench): string {
  return join(bench.stateDirectory.host, 'instances/test.web.1.0/record.json');
}

async function changeRecord(bench: HostBench, change: Partial<InstanceRecord>): Promise<void> {
  const record = JSON.parse(await readFile(recordPath(bench), 'utf8')) as InstanceRecord;
  await writeFile(recordPath(bench), JSON.stringify({ ...record, ...change }));
}

async function isGone(pid: number): Promise<boolean> {
  return (await identifyProcess(pid)) === null;
}

test('instances outlive a killed host and are adopted by the next', async (context) => {
  const bench = await hostBench(context);
  const first = await hostProcessOf(bench);
  const before = (await ensure(bench, await bench.spec(1))).instances[0]!;

  await first.kill('SIGKILL');
  assert.equal(await ask(before), String(before.pid));
  await hostProcessOf(bench).then(async (second) => {
    const after = await onlyInstance(bench);

    assert.deepEqual(after, before);
    assert.equal(await ask(after), String(before.pid));
    const again = await ensure(bench, await bench.spec(1));
    assert.equal(again.instances[0]?.pid, before.pid);
    assert.equal(await second.kill('SIGTERM'), 0);
  });
  assert.equal(await ask(before), String(before.pid));
});

test('the exit of an adopted instance is noticed', async (context) => {
  const bench = await hostBench(context);
  const first = await hostProcessOf(bench);
  const { pid } = (await ensure(bench, await bench.spec(1))).instances[0]!;
  await first.kill('SIGKILL');
  await bench.start();

  process.kill(pid!, 'SIGKILL');

  await until('the exit is noticed', async () => (await onlyInstance(bench)).unexpectedExits === 1);
  const { state, exit } = await onlyInstance(bench);
  assert.equal(state, 'exited');
  assert.deepEqual(exit, { code: null, signal: null });
});

test('an exit while no host lived is seen, and a stable instance comes back', async (context) => {
  const bench = await hostBench(context);
  const host = await bench.start();
  const candidate = (await ensure(bench, await bench.spec(1))).instances[0]!;
  const stableSpec = await bench.spec(2, { restart: 'always' });
  const stable = (await ensure(bench, stableSpec, 2)).instances[0]!;
  await host.close();
  for (const { pid } of [candidate, stable]) {
    process.kill(pid!, 'SIGKILL');
    await until('the instance is gone', () => isGone(pid!));
  }

  await bench.start();

  await until('the stable instance is back', async () => {
    const [pool] = await bench.pools();
    return pool!.instances[0]!.state === 'accepting';
  });
  const [newer, older] = await bench.pools();
  assert.equal(newer!.instances[0]!.port, stable.port);
  assert.notEqual(newer!.instances[0]!.pid, stable.pid);
  assert.equal(newer!.instances[0]!.unexpectedExits, 1);
  assert.equal(older!.instances[0]!.state, 'exited');
  assert.equal(older!.instances[0]!.unexpectedExits, 1);
});

test('a process that only has the recorded pid is never signalled', async (context) => {
  const bench = await hostBench(context);
  const host = await bench.start();
  const { pid } = (await ensure(bench, await bench.spec(1))).instances[0]!;
  await host.close();
  process.kill(pid!, 'SIGKILL');
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  await once(stranger, 'spawn');
  context.after(() => stranger.kill('SIGKILL'));
  await changeRecord(bench, { process: { pid: stranger.pid!, startTime: 'another boot:1' } });

  await bench.start();

  assert.equal((await onlyInstance(bench)).state, 'exited');
  await bench.post('/v1/stop', {
    pool: 'test.web.1',
    scope: bench.scope,
    graceMs: 0,
    token: { deployment: 1, sequence: 2 },
  });
  assert.equal(stranger.exitCode, null);
  assert.equal(stranger.signalCode, null);
  assert.ok(await identifyProcess(stranger.pid!));
});

test('a process that was started but not recorded is found again', async (context) => {
  const bench = await hostBench(context);
  const host = await bench.start();
  const before = (await ensure(bench, await bench.spec(1))).instances[0]!;
  await host.close();
  await changeRecord(bench, { process: null });

  await bench.start();

  const after = await onlyInstance(bench);
  assert.deepEqual(after, before);
  assert.equal((await ensure(bench, await bench.spec(1))).instances[0]!.pid, before.pid);
});

test('a start that was intended but never happened is made good by the same command', async (context) => {
  const bench = await hostBench(context);
  const host = await bench.start();
  const { pid } = (await ensure(bench, await bench.spec(1))).instances[0]!;
  await host.close();
  process.kill(pid!, 'SIGKILL');
  await until('the instance is gone', () => isGone(pid!));
  const launch = { id: 'never-started', token: { deployment: 1, sequence: 1 } };
  await changeRecord(bench, { process: null, launch });

  await bench.start();

  assert.equal((await onlyInstance(bench)).state, 'exited');
  assert.equal((await ensure(bench, await bench.spec(1))).instances[0]!.state, 'accepting');
});

test('an interrupted stop is finished by the next host', async (context) => {
  const bench = await hostBench(context);
  const first = await hostProcessOf(bench);
  const stubborn = `${servingScript}\nprocess.removeAllListeners('SIGTERM').on('SIGTERM', () => {});`;
  const { pid } = (await ensure(bench, await bench.spec(1, {}, stubborn))).instances[0]!;
  const stop = bench.post('/v1/stop', {
    pool: 'test.web.1',
    scope: bench.scope,
    graceMs: 3_000,
    token: { deployment: 1, sequence: 2 },
  });
  const broken = assert.rejects(stop);
  await until('the stop has begun', async () => (await onlyInstance(bench)).state === 'stopping');
  await first.kill('SIGKILL');
  await broken;
  assert.ok(await identifyProcess(pid!));

  await bench.start();

  await until('the instance is gone', () => isGone(pid!));
  assert.equal((await bench.pools())[0]!.desired, 'stopped');
});

test('log lines are neither lost nor doubled over a crash of the host', async (context) => {
  const bench = await hostBench(context);
  const first = await hostProcessOf(bench);
  const instance = (await ensure(bench, await bench.spec(1))).instances[0]!;
  await ask(instance, '/say/one');
  await until('a line is stored', async () => (await readTexts(bench)).includes('one'));

  await first.kill('SIGKILL');
  await ask(instance, '/say/two');
  await ask(instance, '/say/three');
  await bench.start();
  await ask(instance, '/say/four');

  await until('the last line is stored', async () => (await readTexts(bench)).includes('four'));
  assert.deepEqual(await readTexts(bench), ['listening', 'one', 'two', 'three', 'four']);
});

test('a host killed anywhere in a start or stop leaves exactly what was asked for', async (context) => {
  const bench = await hostBench(context);
  // SUREFOOT_TEST_KILLS=1 tries 30 moments; few of them keep the ordinary run short.
  const delaysMs = process.env['SUREFOOT_TEST_KILLS'] ? fineDelays() : [15, 70];
  for (const [index, delayMs] of delaysMs.entries()) {
    const deployment = index + 1;
    const spec = await bench.spec(deployment, { instances: 2 });
    const command = { spec, token: { deployment, sequence: 1 } };
    const end = { pool: spec.pool, scope: spec.scope, graceMs: 5_000 };
    const order = { ...end, token: { deployment, sequence: 2 } };

    await killDuring(bench, delayMs, () => bench.post('/v1/ensure', command));
    const host = await hostProcessOf(bench);
    const pool = (await bench.post('/v1/ensure', command)) as PoolObservation;
    const pids = pool.instances.map(({ pid }) => pid).sort();
    assert.deepEqual((await processesOf(spec.pool)).sort(), pids);
    await host.kill('SIGTERM');

    await killDuring(bench, delayMs, () => bench.post('/v1/stop', order));
    const next = await hostProcessOf(bench);
    const stopped = (await bench.post('/v1/stop', order)) as PoolObservation;
    assert.equal(stopped.desired, 'stopped');
    assert.deepEqual(await processesOf(spec.pool), []);
    await next.kill('SIGTERM');
  }
});

function fineDelays(): number[] {
  return Array.from({ length: 30 }, (_, index) => index * 5);
}

async function killDuring(
  bench: HostBench,
  delayMs: number,
  act: () => Promise<unknown>,
): Promise<void> {
  const host = await hostProcessOf(bench);
  const acted = act().catch(() => undefined);
  await delay(delayMs);
  await host.kill('SIGKILL');
  await acted;
}

/** Looked up without the host: by what every instance has in its environment. */
async function processesOf(pool: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const environments = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => environments[index]?.includes(`SUREFOOT_POOL=${pool}\0`));
}

test('only one host serves a state directory', async (context) => {
  const bench = await hostBench(context);
  const host = await bench.start();

  await assert.rejects(bench.start(), /Another host serves this state directory/);

  await host.close();
  await bench.start();
});

async function readTexts(bench: HostBench): Promise<string[]> {
  const texts: string[] = [];
  const signal = AbortSignal.timeout(10_000);
  for await (const line of bench.stream('/v1/logs?pool=test.web.1&tail=100', signal)) {
    texts.push((line as { text: string }).text);
  }
  return texts;
}
