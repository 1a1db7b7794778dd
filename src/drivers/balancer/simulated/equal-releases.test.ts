/** What the simulated balancer counts of two releases that are the same, and what the verdict makes of it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { aLease, aPool, aRouting } from '../../../../test/support/edge/routing-builder.ts';
import { scopeOf, type PoolId } from '../../../core/model/ids.ts';
import { quickDraws } from '../../../core/traffic-model/quick-draws.ts';
import { compareTraffic } from '../../../core/verdict/comparison.ts';
import { defaultVerdictSettings } from '../../../core/verdict/default-verdict-settings.ts';
import type { SimulatedAnswer } from './simulated-answer.ts';
import { createSimulatedBalancerWorld } from './simulated-world.ts';

const scope = scopeOf('test', 'web');
const stable = 'test.web.1' as PoolId;
const candidate = 'test.web.2' as PoolId;
const SECONDS = 300;
const PER_SECOND = 300;
const settings = defaultVerdictSettings({
  ...{ tickMs: 1_000, horizonTicks: SECONDS, families: ['errors', 'latency'] },
  latencyMarginUs: 1_000,
});
const policy = { mustExcludeHarm: false, settings, warmUpResponses: 0 };

/** Half of the requests are of a quick route, of which one in fifty fails, whichever release it asks. */
function bake() {
  const world = createSimulatedBalancerWorld({ seed: 7 });
  const draws = quickDraws(13);
  let isQuick = true;
  const answer = (): SimulatedAnswer => ({
    kind: 'answer',
    status: isQuick && draws.uniform() < 0.02 ? 500 : 200,
    latencyUs: (isQuick ? 5_000 : 80_000) * (0.7 + 0.6 * draws.uniform()),
  });
  for (const pool of [stable, candidate]) world.behave(pool, answer);
  const limits = { connectErrors: 1e6, serverErrors: 1e6, timeouts: 1e6 };
  const split = (weight: number, sequence: number) =>
    world.apply(
      aRouting({
        ...{ scope, port: 8080 },
        pools: [aPool(stable, 100 - weight, [9001]), aPool(candidate, weight, [9002])],
        lease: aLease(candidate, { ttlMs: 3_600_000, trip: limits }),
      }),
      { deployment: 1, sequence },
    );
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      for (let sent = 0; sent < PER_SECOND; sent += 1) {
        isQuick = draws.uniform() < 0.5;
        world.ask(scope, {});
      }
      world.advance(1_000);
    }
  };
  split(0, 1);
  pass(60);
  split(90, 2);
  pass(SECONDS);
  const nowSecond = Math.floor(world.nowMs() / 1_000);
  const { samples } = world.report(scope, 0);
  const compared = { pools: { candidate, stable }, samples, nowSecond };
  return {
    rescued: samples.reduce((sum, sample) => sum + sample.rescued, 0),
    comparison: compareTraffic(policy, null, compared),
  };
}

test('an equal release is not condemned for what the stable pool answers in its place', () => {
  const { comparison, rescued } = bake();

  assert.ok(comparison);
  assert.ok(rescued > 500, `${rescued} requests were taken over`);
  assert.equal(comparison.state.condemnedAt, null);
});
