/** What every target must do. Each driver's tests call this with a subject of their own. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { baselineIdOf, poolIdOf } from '../../core/model/ids.ts';
import { OperationalError } from '../../core/operational-error.ts';
import type { LogLine } from '../contract.ts';
import {
  at,
  failsWith,
  observedAs,
  observeOne,
  pidsOf,
  statesOf,
  stop,
  type Check,
  type TargetSubject,
} from './target-subject.ts';
import { checkUsage } from './target-usage.ts';

export type CreateTargetSubject = (context: TestContext) => Promise<TargetSubject>;

export function describeTargetContract(name: string, createSubject: CreateTargetSubject): void {
  const check = (title: string, run: (subject: TargetSubject) => Promise<void>): void => {
    test(`${name}: ${title}`, async (context) => run(await createSubject(context)));
  };
  checkStarting(check);
  checkGrowing(check);
  checkStopping(check);
  checkTokens(check);
  checkFailures(check);
  checkUsage(check);
  checkAttesting(check);
  checkLogs(check);
}

function checkAttesting(check: Check): void {
  check('what a pool is started from is attested, before and after a change', async (subject) => {
    const { target } = subject;
    const spec = await subject.spec(1, 'serves');
    const { pool, scope } = spec;
    await target.ensure(spec, at(1, 1));

    await target.attest(pool, { scope }, at(0, 0));
    await subject.damage(spec);

    await assert.rejects(target.attest(pool, { scope }, at(0, 0)), failsWith('artifact-mismatch'));
  });

  check('of a pool that is not there nothing is attested', async ({ target, spec: specOf }) => {
    const { pool, scope } = await specOf(1, 'serves');

    await assert.rejects(target.attest(pool, { scope }, at(0, 0)), failsWith('artifact-missing'));
  });
}

function checkStarting(check: Check): void {
  check('a scope without pools is observed as empty', async ({ target, spec }) => {
    const { scope } = await spec(1, 'serves');

    assert.deepEqual(await target.observe(scope, at(0, 0)), []);
  });

  check('ensure resolves when every instance accepts, and observe agrees', async (subject) => {
    const spec = await subject.spec(1, 'serves');

    const ensured = await subject.target.ensure(spec, at(1, 1));

    assert.deepEqual(statesOf(ensured), ['accepting', 'accepting']);
    assert.equal(ensured.artifactDigest, spec.artifact.digest);
    assert.deepEqual(ensured.release, spec.release);
    assert.equal(ensured.desired, 'running');
    assert.deepEqual(ensured.token, { deployment: 1, sequence: 1 });
    const ports = new Set(ensured.instances.map(({ port }) => port));
    assert.equal(ports.size, 2);
    const observed = await observeOne(subject.target, spec);
    assert.deepEqual(pidsOf(observed), pidsOf(ensured));
    assert.deepEqual(statesOf(observed), statesOf(ensured));
  });

  check('ensure twice is ensure once', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');

    const both = await Promise.all([target.ensure(spec, at(1, 1)), target.ensure(spec, at(1, 1))]);
    const later = await target.ensure(spec, at(1, 1));

    assert.deepEqual(pidsOf(both[1]), pidsOf(both[0]));
    assert.deepEqual(pidsOf(later), pidsOf(both[0]));
  });

  check('a changed restart policy does not restart anything', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');
    const before = await target.ensure(spec, at(1, 1));

    const after = await target.ensure({ ...spec, restart: 'always' }, at(1, 2));

    assert.equal(before.restart, 'never');
    assert.equal(after.restart, 'always');
    assert.deepEqual(pidsOf(after), pidsOf(before));
  });

  check('pools are observed newest first', async ({ target, spec: specOf }) => {
    const specs = [
      await specOf(1, 'serves'),
      await specOf(2, 'serves'),
      await specOf(10, 'serves'),
    ];
    for (const [index, spec] of specs.entries()) await target.ensure(spec, at(index + 1, 1));

    const pools = await target.observe(specs[0]!.scope, at(0, 0));

    assert.deepEqual(
      pools.map(({ pool }) => pool),
      [specs[2]!.pool, specs[1]!.pool, specs[0]!.pool],
    );
  });
}

function checkGrowing(check: Check): void {
  check('a pool grows by what is missing, and what runs is left alone', async (subject) => {
    const spec = await subject.spec(1, 'serves', { instances: 1 });
    const one = await subject.target.ensure(spec, at(1, 1));

    const three = await subject.target.ensure({ ...spec, instances: 3 }, at(1, 2));
    const again = await subject.target.ensure({ ...spec, instances: 3 }, at(1, 2));

    assert.deepEqual(statesOf(three), ['accepting', 'accepting', 'accepting']);
    assert.deepEqual(three.instances[0], one.instances[0]);
    assert.equal(new Set(three.instances.map(({ port }) => port)).size, 3);
    assert.deepEqual(pidsOf(again), pidsOf(three));
    const ended = await stop(subject.target, spec, at(1, 3));
    assert.deepEqual(statesOf(ended), ['exited', 'exited', 'exited']);
  });

  check('a baseline is a pool of its own', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves', { instances: 1 });
    const baseline = { ...spec, pool: baselineIdOf(spec.pool) };
    await target.ensure(spec, at(1, 1));
    await target.ensure(baseline, at(1, 2));

    assert.deepEqual(statesOf(await stop(target, baseline, at(1, 3))), ['exited']);
    assert.deepEqual(statesOf(await observeOne(target, spec)), ['accepting']);
  });

  check('a pool does not shrink, and says so', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');
    const before = await target.ensure(spec, at(1, 1));

    const shrunk = target.ensure({ ...spec, instances: 1 }, at(1, 2));
    await assert.rejects(shrunk, failsWith('request-invalid', 'none'));

    assert.deepEqual(pidsOf(await observeOne(target, spec)), pidsOf(before));
  });

  check('an older command does not grow a pool', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves', { instances: 1 });
    await target.ensure(spec, at(1, 5));

    const grown = { ...spec, instances: 2 };
    await assert.rejects(target.ensure(grown, at(1, 4)), failsWith('token-fenced', 'none'));
    await assert.rejects(target.ensure(grown, at(1, 5)), failsWith('token-conflict', 'none'));

    assert.deepEqual(statesOf(await observeOne(target, spec)), ['accepting']);
  });
}

function checkStopping(check: Check): void {
  check('stop twice is stop once', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');
    await target.ensure(spec, at(1, 1));

    const first = await stop(target, spec, at(1, 2));
    const second = await stop(target, spec, at(1, 2));

    assert.ok(first);
    assert.equal(first.desired, 'stopped');
    assert.deepEqual(statesOf(first), ['exited', 'exited']);
    assert.deepEqual(
      first.instances.map(({ unexpectedExits }) => unexpectedExits),
      [0, 0],
    );
    assert.deepEqual(second, first);
  });

  check('stop of an unknown pool is done already', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');

    assert.equal(await stop(target, spec, at(1, 1)), null);
  });

  check('a late start after a stop is refused', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');
    const unknown = await specOf(2, 'serves');
    await target.ensure(spec, at(1, 1));
    await stop(target, spec, at(1, 3));
    await stop(target, unknown, at(2, 3));

    await assert.rejects(target.ensure(spec, at(1, 1)), failsWith('token-fenced', 'none'));
    await assert.rejects(target.ensure(unknown, at(2, 1)), failsWith('token-fenced', 'none'));
    await assert.rejects(target.ensure(spec, at(3, 1)), failsWith('token-fenced', 'none'));

    assert.deepEqual(statesOf(await observeOne(target, spec)), ['exited', 'exited']);
    assert.equal(await observeOne(target, unknown), undefined);
  });

  check('a stop overtakes a start that waits', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'never-accepts');
    const start = assert.rejects(target.ensure(spec, at(1, 1)), failsWith('token-fenced'));
    await observedAs(target, spec, (pool) => statesOf(pool).includes('starting'));

    const stopped = await stop(target, spec, at(1, 2));

    assert.deepEqual(statesOf(stopped), ['exited', 'exited']);
    await start;
  });
}

function checkTokens(check: Check): void {
  check('an older token is refused and changes nothing', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');
    const before = await target.ensure(spec, at(2, 5));

    await assert.rejects(stop(target, spec, at(2, 4)), failsWith('token-fenced', 'none'));
    await assert.rejects(stop(target, spec, at(1, 9)), failsWith('token-fenced', 'none'));

    const after = await observeOne(target, spec);
    assert.deepEqual(pidsOf(after), pidsOf(before));
    assert.deepEqual(after?.token, { deployment: 2, sequence: 5 });
  });

  check('the same token with another command is refused', async ({ target, spec: specOf }) => {
    const spec = await specOf(1, 'serves');
    const before = await target.ensure(spec, at(1, 1));

    await assert.rejects(stop(target, spec, at(1, 1)), failsWith('token-conflict', 'none'));
    const other = { ...spec, restart: 'always' as const };
    await assert.rejects(target.ensure(other, at(1, 1)), failsWith('token-conflict', 'none'));

    assert.deepEqual(pidsOf(await observeOne(target, spec)), pidsOf(before));
  });
}

function checkFailures(check: Check): void {
  check('a release that ends at start fails at once with its exit', async (subject) => {
    const spec = await subject.spec(1, 'exits', { startTimeoutMs: 60_000 });

    await assert.rejects(
      subject.target.ensure(spec, at(1, 1)),
      failsWith('instance-exited', 'applied'),
    );

    // The other instance may be on its way out still.
    const pool = await observedAs(subject.target, spec, (seen) =>
      seen.instances.every(({ exit }) => exit !== null),
    );
    assert.deepEqual(pool.instances[0]?.exit, { code: 7, signal: null });
    assert.deepEqual(pool.instances[0].lastLines, ['giving up']);
    await assert.rejects(subject.target.ensure(spec, at(1, 1)), failsWith('instance-exited'));
    const again = await observeOne(subject.target, spec);
    assert.deepEqual(
      again?.instances.map(({ unexpectedExits }) => unexpectedExits),
      [1, 1],
    );
  });

  check('a release that never accepts fails and stays for inspection', async (subject) => {
    const spec = await subject.spec(1, 'never-accepts', { startTimeoutMs: 500 });

    await assert.rejects(
      subject.target.ensure(spec, at(1, 1)),
      failsWith('instance-not-accepting', 'applied'),
    );

    const pool = await observeOne(subject.target, spec);
    assert.deepEqual(statesOf(pool), ['starting', 'starting']);
  });

  check('the exit of a candidate is seen and stays', async (subject) => {
    const spec = await subject.spec(1, 'serves');
    const before = await subject.target.ensure(spec, at(1, 1));

    await subject.kill(before.instances[1]!.id);

    const after = await observedAs(subject.target, spec, (pool) =>
      statesOf(pool).includes('exited'),
    );
    assert.deepEqual(statesOf(after), ['accepting', 'exited']);
    assert.equal(after.instances[1]?.unexpectedExits, 1);
    assert.equal(after.instances[1].pid, null);
  });

  check('an instance of a stable pool comes back on its port', async (subject) => {
    const spec = await subject.spec(1, 'serves', { restart: 'always' });
    const before = await subject.target.ensure(spec, at(1, 1));

    await subject.kill(before.instances[0]!.id);

    const after = await observedAs(
      subject.target,
      spec,
      ({ instances: [first] }) => first?.unexpectedExits === 1 && first.state === 'accepting',
    );
    assert.equal(after.instances[0]?.port, before.instances[0]?.port);
    assert.notEqual(after.instances[0]?.pid, before.instances[0]?.pid);
    assert.equal(after.instances[1]?.pid, before.instances[1]?.pid);
  });

  check('what an aborted start changed is unknown to its caller', async (subject) => {
    const spec = await subject.spec(1, 'never-accepts');
    const abort = new AbortController();

    const start = assert.rejects(
      subject.target.ensure(spec, at(1, 1, abort.signal)),
      (error) => error instanceof OperationalError && error.failure.effect === 'unknown',
    );
    await observedAs(subject.target, spec, (pool) => statesOf(pool).includes('starting'));
    abort.abort();
    await start;

    assert.ok(await observeOne(subject.target, spec));
  });
}

function checkLogs(check: Check): void {
  check('lines can be read when the pool has been stopped', async (subject) => {
    const spec = await subject.spec(1, 'serves');
    const ensured = await subject.target.ensure(spec, at(1, 1));
    await stop(subject.target, spec, at(1, 2));

    const lines: LogLine[] = [];
    const query = { pool: spec.pool, tail: 10, follow: false };
    for await (const line of subject.target.logs(query, at(0, 0))) lines.push(line);

    assert.deepEqual(
      lines.map(({ instance, stream, text }) => [instance, stream, text]).sort(),
      ensured.instances.map(({ id }) => [id, 'stdout', 'ready']),
    );
    for (const { at: time } of lines) assert.ok(!Number.isNaN(Date.parse(time)));
  });

  check('following ends with the signal', async (subject) => {
    const spec = await subject.spec(1, 'serves');
    await subject.target.ensure(spec, at(1, 1));
    const abort = new AbortController();

    const query = { pool: spec.pool, tail: 1, follow: true };
    let lines = 0;
    for await (const line of subject.target.logs(query, { signal: abort.signal })) {
      if (line.text === 'ready') lines += 1;
      abort.abort();
    }

    assert.equal(lines, 1);
  });

  check('an unknown pool has no log', async ({ target }) => {
    const query = { pool: poolIdOf('test', 'web', 77), tail: 1, follow: false };

    await assert.rejects(async () => {
      for await (const line of target.logs(query, at(0, 0))) assert.fail(line.text);
    }, failsWith('not-found'));
  });
}
