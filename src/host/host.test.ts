import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostBench } from '../../test/support/host/running-host.ts';
import type { PoolObservation } from '../core/model/pool.ts';

test('a pool is started, observed and stopped', async (context) => {
  const bench = await hostBench(context);
  await bench.start();
  const spec = await bench.spec(1, { instances: 2 });

  const pool = (await bench.post('/v1/ensure', {
    spec,
    token: { deployment: 1, sequence: 1 },
  })) as PoolObservation;

  assert.deepEqual(
    pool.instances.map(({ id, state }) => [id, state]),
    [
      ['test.web.1.0', 'accepting'],
      ['test.web.1.1', 'accepting'],
    ],
  );
  const [first] = pool.instances;
  const answer = await fetch(`http://${first!.host}:${first!.port}/`);
  assert.equal(await answer.text(), String(first!.pid));
  const { lastLines: _, ...seen } = (await bench.pools())[0]!.instances[0]!;
  const { lastLines: __, ...told } = first!;
  assert.deepEqual(seen, told);

  const stopped = (await bench.post('/v1/stop', {
    pool: spec.pool,
    scope: spec.scope,
    graceMs: 5_000,
    token: { deployment: 1, sequence: 2 },
  })) as PoolObservation;

  assert.equal(stopped.desired, 'stopped');
  assert.deepEqual(
    stopped.instances.map(({ state, pid, exit, unexpectedExits, lastLines }) => ({
      state,
      pid,
      exit,
      unexpectedExits,
      lastLines,
    })),
    [0, 1].map(() => ({
      state: 'exited',
      pid: null,
      exit: { code: 0, signal: null },
      unexpectedExits: 0,
      lastLines: ['listening'],
    })),
  );
});
