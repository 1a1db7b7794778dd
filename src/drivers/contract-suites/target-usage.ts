/** What every target must say of what its instances take up. */
import assert from 'node:assert/strict';
import type { PoolSpec } from '../../core/model/pool.ts';
import { at, observedAs, statesOf, type Check, type TargetSubject } from './target-subject.ts';

/** Elsewhere than on Linux a target may not be able to tell. */
const canTell = process.platform === 'linux';

export function checkUsage(check: Check): void {
  const usageOf = async ({ target }: TargetSubject, { pool, scope }: PoolSpec) =>
    (await target.usage(scope, at(0, 0))).filter((usage) => usage.pool === pool);

  check('a scope without pools takes up nothing', async (subject) => {
    const spec = await subject.spec(1, 'serves');

    assert.deepEqual(await usageOf(subject, spec), []);
  });

  check('every instance that runs says what its process takes up', async (subject) => {
    const spec = await subject.spec(1, 'serves');
    const { instances } = await subject.target.ensure(spec, at(1, 1));

    const usage = await usageOf(subject, spec);

    assert.deepEqual(
      usage.map(({ instance, pid }) => [instance, pid]),
      instances.map(({ id, pid }) => [id, pid]),
    );
    for (const value of usage.flatMap(({ gauges }) => Object.values(gauges))) {
      assert.ok(canTell ? value !== null && value > 0 : value === null || value > 0, `${value}`);
    }
  });

  check('of an instance that has ended nothing is told, rather than 0', async (subject) => {
    const spec = await subject.spec(1, 'serves');
    const { instances } = await subject.target.ensure(spec, at(1, 1));
    await subject.kill(instances[0]!.id);
    await observedAs(subject.target, spec, (pool) => statesOf(pool).includes('exited'));

    const [ended, running] = await usageOf(subject, spec);

    assert.deepEqual(ended?.gauges, { memory: null, openFiles: null });
    assert.equal(ended.pid, null);
    assert.equal(running?.pid, instances[1]?.pid);
  });

  check('an instance that came back is told by its new process', async (subject) => {
    const spec = await subject.spec(1, 'serves', { restart: 'always' });
    const { instances } = await subject.target.ensure(spec, at(1, 1));
    await subject.kill(instances[0]!.id);
    const after = await observedAs(
      subject.target,
      spec,
      ({ instances: [first] }) => first?.unexpectedExits === 1 && first.state === 'accepting',
    );

    const [usage] = await usageOf(subject, spec);

    assert.equal(usage?.pid, after.instances[0]?.pid);
    assert.notEqual(usage?.pid, instances[0]?.pid);
  });
}
