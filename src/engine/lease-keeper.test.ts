import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scope } from '../core/model/ids.ts';
import { operationalError, type OperationalError } from '../core/operational-error.ts';
import type { Balancer } from '../drivers/contract.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { createLeaseKeeper } from './lease-keeper.ts';

const scope = 'production/web' as Scope;
const lease = { scope, token: { deployment: 2, sequence: 5 }, ttlMs: 10_000 };

/** Time passes only by `tick`, which lets every sleeper go on. */
function underTest(
  options: { mayDrive?: () => boolean; fails?: () => OperationalError | null } = {},
) {
  const renewed: number[] = [];
  const sleeps: number[] = [];
  const sleepers = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleeps.push(ms);
        sleepers.add(resolve);
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
  };
  const balancer = {
    renew: (_scope: Scope, { token }: { token: { sequence: number } }) => {
      renewed.push(token.sequence);
      const failure = options.fails?.() ?? null;
      return failure ? Promise.reject(failure) : Promise.resolve();
    },
  } as unknown as Balancer;
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    keeper: createLeaseKeeper({ clock, mayDrive: options.mayDrive ?? (() => true) }),
    balancer,
    renewed,
    sleeps,
    async tick() {
      await settle();
      for (const wake of [...sleepers]) wake();
      sleepers.clear();
      await settle();
    },
  };
}

test('a lease is renewed at once and then five times in its time', async () => {
  const { keeper, balancer, renewed, sleeps, tick } = underTest();

  keeper.hold(lease, balancer);
  await tick();
  await tick();

  assert.deepEqual(renewed, [5, 5, 5]);
  assert.deepEqual([...new Set(sleeps)], [2_000]);
  await keeper.close();
});

test('the same lease again does not renew twice as often', async () => {
  const { keeper, balancer, renewed, tick } = underTest();

  keeper.hold(lease, balancer);
  keeper.hold({ ...lease }, balancer);
  await tick();

  assert.deepEqual(renewed, [5, 5]);
  await keeper.close();
});

test('a newer lease takes the place of the one before', async () => {
  const { keeper, balancer, renewed, tick } = underTest();
  keeper.hold(lease, balancer);
  await tick();

  keeper.hold({ ...lease, token: { deployment: 2, sequence: 6 } }, balancer);
  await tick();

  assert.deepEqual(renewed, [5, 5, 6, 6]);
  await keeper.close();
});

test('a lease that is lost or fenced is not renewed again', async () => {
  for (const code of ['lease-lost', 'token-fenced'] as const) {
    const { keeper, balancer, renewed, tick } = underTest({
      fails: () => operationalError(code, 'Over.'),
    });

    keeper.hold(lease, balancer);
    await tick();
    await tick();

    assert.deepEqual(renewed, [5], code);
    await keeper.close();
  }
});

test('a balancer that is away for a moment is asked again', async () => {
  const { keeper, balancer, renewed, tick } = underTest({
    fails: () => operationalError('agent-unreachable', 'Away.'),
  });

  keeper.hold(lease, balancer);
  await tick();

  assert.deepEqual(renewed, [5, 5]);
  await keeper.close();
});

test('a process that may not drive renews nothing, until it may again', async () => {
  let mayDrive = false;
  const { keeper, balancer, renewed, tick } = underTest({ mayDrive: () => mayDrive });

  keeper.hold(lease, balancer);
  await tick();
  assert.deepEqual(renewed, []);
  mayDrive = true;
  await tick();

  assert.deepEqual(renewed, [5]);
  await keeper.close();
});

test('a released lease is left alone, and closing ends all', async () => {
  const { keeper, balancer, renewed, tick } = underTest();
  keeper.hold(lease, balancer);
  keeper.hold({ ...lease, scope: 'staging/web' as Scope }, balancer);
  await tick();
  keeper.release(scope);
  const before = renewed.length;

  await tick();
  assert.equal(renewed.length, before + 1);
  await keeper.close();
  await tick();

  assert.equal(renewed.length, before + 1);
});
