/** Two releases that are the same, behind the simulated balancer: what it counts of both, and what comes of it. */
import { scopeOf, type PoolId } from '../../src/core/model/ids.ts';
import { quickDraws } from '../../src/core/traffic-model/quick-draws.ts';
import { compareTraffic, nextSecond, type Comparison } from '../../src/core/verdict/comparison.ts';
import { defaultVerdictSettings } from '../../src/core/verdict/default-verdict-settings.ts';
import type { SimulatedAnswer } from '../../src/drivers/balancer/simulated/simulated-answer.ts';
import {
  createSimulatedBalancerWorld,
  type SimulatedBalancerWorld,
} from '../../src/drivers/balancer/simulated/simulated-world.ts';
import { aLease, aPool, aRouting } from './edge/routing-builder.ts';

export interface BalancedBake {
  readonly seed: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** Of the candidate, in percent. */
  readonly weight: number;
  /** Every six minutes, for a second to sixty, a tenth to all of what either is asked waits for three seconds, and some fails. */
  readonly hasIncidents: boolean;
  /**
   * Beside a pool of the stable release that is as fresh and gets as much. Both are cold for ten seconds, in which a
   * tenth of what they are asked waits for three seconds.
   */
  readonly hasBaseline?: boolean;
}

export interface BalancedBakeResult {
  readonly isCondemned: boolean;
  /** The balancer itself took the traffic away, after how many seconds; null when it did not. */
  readonly trippedS: number | null;
  /** Those that were over before the end. */
  readonly incidents: number;
  /** Requests of the candidate that the stable pool answered in its place. */
  readonly rescued: number;
}

const scope = scopeOf('test', 'web');
const stable = 'test.web.1' as PoolId;
const candidate = 'test.web.2' as PoolId;
const baseline = 'test.web.2-baseline' as PoolId;
const BEFORE_S = 60;
const STEP_MS = 50;
const HANG_AFTER_MS = 300;
const INCIDENT_EVERY_S = 360;
const INCIDENT_MAX_S = 60;
const INCIDENT_PART_MIN = 0.1;
const COLD_S = 10;
const COLD_PART = 0.1;
/** Nothing but a hang trips: other rules count without a bound. */
const NO_LIMITS = { connectErrors: 1e6, serverErrors: 1e6, timeouts: 1e6 };

export function bakeThroughBalancer(bake: BalancedBake): BalancedBakeResult {
  const world = createSimulatedBalancerWorld({ trusts: true, seed: bake.seed });
  const service = createService(world, bake);
  const settings = defaultVerdictSettings({
    ...{ tickMs: 1_000, horizonTicks: bake.seconds, families: ['errors', 'latency'] },
    latencyMarginUs: 1_000,
  });
  const policy = { mustExcludeHarm: false, settings, warmUpResponses: 0 };
  let comparison: Comparison | null = null;
  let rescued = 0;
  let trippedS: number | null = null;
  split(world, { ...bake, weight: 0 }, 1);
  for (let second = 0; second < BEFORE_S; second += 1) service.passSecond();
  split(world, bake, 2);
  service.getCold();
  for (let second = 0; second < bake.seconds && trippedS === null; second += 1) {
    service.passSecond();
    const nowSecond = Math.floor(world.nowMs() / 1_000);
    const from = comparison === null ? 0 : nextSecond(comparison);
    const { samples } = world.report(scope, from);
    for (const sample of samples) if (sample.second === nowSecond - 1) rescued += sample.rescued;
    comparison = compareTraffic(policy, comparison, {
      pools: { candidate, stable: bake.hasBaseline ? baseline : stable },
      ...{ samples, nowSecond },
    });
    if (world.inForce(scope)?.fallback) trippedS = second;
  }
  const isCondemned = comparison !== null && comparison.state.condemnedAt !== null;
  return { isCondemned, trippedS, incidents: service.incidents(), rescued };
}

function split(
  world: SimulatedBalancerWorld,
  { weight, hasBaseline = false }: Pick<BalancedBake, 'weight' | 'hasBaseline'>,
  sequence: number,
): void {
  const trip = { ...NO_LIMITS, hangAfterMs: HANG_AFTER_MS };
  const rest = 100 - (hasBaseline ? 2 : 1) * weight;
  const routing = aRouting({
    ...{ scope, port: 8080 },
    pools: [
      aPool(stable, rest, [9001]),
      aPool(candidate, weight, [9002]),
      ...(hasBaseline ? [aPool(baseline, weight, [9003])] : []),
    ],
    lease: aLease(candidate, {
      ...{ ttlMs: 1e9, trip },
      ...(hasBaseline && { against: baseline }),
    }),
  });
  world.apply(routing, { deployment: 1, sequence });
}

/**
 * Half of the requests are of a quick route, of which one in fifty fails and some clients leave, whichever
 * release it asks.
 */
function createService(world: SimulatedBalancerWorld, bake: BalancedBake) {
  const draws = quickDraws(bake.seed + 1_000_000);
  let isQuick = true;
  let incidents = 0;
  let [fromMs, toMs, part] = [0, 0, 0];
  let coldUntilMs = 0;
  const answerOf = (pool: PoolId): SimulatedAnswer => {
    const chance = draws.uniform();
    const isCold = pool !== stable && world.nowMs() < coldUntilMs;
    const isTroubled = world.nowMs() >= fromMs && world.nowMs() < toMs;
    const isBad = chance < Math.max(isTroubled ? part : 0, isCold ? COLD_PART : 0);
    const status = isQuick && draws.uniform() < (isBad ? 0.3 : 0.02) ? 500 : 200;
    if (isQuick && chance > 0.995)
      return { kind: 'abandoned', waitedUs: 400_000 * draws.uniform() };
    const usualUs = isQuick ? 5_000 : 80_000;
    const latencyUs = isBad ? 3_000_000 : usualUs * (0.7 + 0.6 * draws.uniform());
    return { kind: 'answer', status, latencyUs };
  };
  for (const pool of [stable, candidate, baseline]) world.behave(pool, () => answerOf(pool));

  function planIncident(): void {
    if (!bake.hasIncidents || world.nowMs() < toMs) return;
    if (toMs > 0) incidents += 1;
    fromMs = world.nowMs() + INCIDENT_EVERY_S * 1_000 * (0.5 + draws.uniform());
    toMs = fromMs + 1_000 * INCIDENT_MAX_S ** draws.uniform();
    part = INCIDENT_PART_MIN ** draws.uniform();
  }

  return {
    incidents: () => incidents,
    getCold() {
      if (bake.hasBaseline) coldUntilMs = world.nowMs() + COLD_S * 1_000;
    },
    passSecond() {
      planIncident();
      for (let passed = 0; passed < 1_000; passed += STEP_MS) {
        const count = draws.poisson((bake.perSecond * STEP_MS) / 1_000);
        for (let sent = 0; sent < count; sent += 1) {
          isQuick = draws.uniform() < 0.5;
          world.ask(scope, {});
        }
        world.advance(STEP_MS);
      }
    },
  };
}
