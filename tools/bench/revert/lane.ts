/**
 * One service that is deployed again and again and always taken back, for one kind of reason. Target
 * and probe are simulated; balancer, engine and database are real.
 */
import { simulatedProbe } from '../../../src/drivers/probe/simulated/driver.ts';
import { simulatedTargetOf } from '../../../src/drivers/target/simulated/simulated-target.ts';
import { createSimulatedWorld } from '../../../src/drivers/target/simulated/simulated-world.ts';
import { edgeBalancer } from '../../../src/drivers/balancer/edge/driver.ts';
import type { Target } from '../../../src/drivers/contract.ts';
import type { ConnectDrivers } from '../../../src/engine/drivers-in-use.ts';
import type { DeploymentWish } from '../../../src/engine/plan-deployment.ts';
import type { PoolObservation } from '../../../src/core/model/pool.ts';
import { defaultLimits } from '../../../src/core/model/request-limits.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { benchWish } from '../bench-wish.ts';

export const revertKinds = ['verdict', 'trip', 'abort'] as const;

/** Who decides: the controller's gate, the edge on its own, or a person. */
export type RevertKind = (typeof revertKinds)[number];

export interface Lane {
  readonly service: string;
  readonly kind: RevertKind;
  /** Where its clients connect. */
  readonly port: number;
  readonly stablePort: number;
  readonly candidatePort: number;
}

export const stableVersion = '1.0';
export const candidateVersion = '2.0';

const NEVER = 1_000_000;
const TRIP_ERRORS = 3;
const LONG_MS = 120_000;

/** Never passes by itself: what ends its gate is what the lane is for. */
export function wishOf(lane: Lane, version: string): DeploymentWish {
  const { rollout } = benchWish({ version }).services[0];
  return benchWish({
    version,
    service: lane.service,
    balancer: {
      driver: 'edge',
      config: {},
      listen: { host: '127.0.0.1', port: lane.port },
      requestTimeoutMs: 5_000,
    },
    rollout: {
      ...rollout,
      strategy: {
        kind: 'canary',
        steps: [50, 100].map((weight) => ({ weight, holdMs: LONG_MS, samplesMin: NEVER })),
      },
      trip: {
        connectErrors: NEVER,
        serverErrors: lane.kind === 'trip' ? TRIP_ERRORS : NEVER,
        timeouts: NEVER,
      },
      limits: {
        holdMs: LONG_MS,
        samplesMin: NEVER,
        errorRateMax: lane.kind === 'verdict' ? 0 : 1,
        latency: { quantile: 0.5, maxMs: LONG_MS },
      },
      judgeDeadlineMs: LONG_MS,
      drainMs: 1_000,
    },
  });
}

/** The real edge of a state directory; instances are the lanes' upstreams. */
export function laneDrivers(lanes: readonly Lane[], stateDirectory: string): ConnectDrivers {
  const target = onUpstreams(simulatedTargetOf(createSimulatedWorld(), systemClock), lanes);
  const probe = simulatedProbe(() => ({ ok: true, observed: 'fine' })).connect(
    { timeout: 2_000 },
    { stateDirectory },
  );
  const probes = [{ name: 'health', probe }];
  return (plan) => ({
    target,
    balancer: edgeBalancer.connect(
      {
        listen: plan.balancer.listen,
        requestTimeout: plan.balancer.requestTimeoutMs,
        limits: defaultLimits,
      },
      { stateDirectory },
    ),
    probes,
    probesBefore: probes,
    capabilities: { target: new Set(), balancer: edgeBalancer.capabilities },
  });
}

/** A simulated target whose instances say that they listen where the lane's upstreams do. */
function onUpstreams(target: Target, lanes: readonly Lane[]): Target {
  const moved = (pool: PoolObservation): PoolObservation => {
    const lane = lanes.find(({ service }) => pool.scope.endsWith(`/${service}`));
    if (!lane) throw new Error(`${pool.scope} is no lane`);
    const port = pool.release.version === stableVersion ? lane.stablePort : lane.candidatePort;
    return { ...pool, instances: pool.instances.map((instance) => ({ ...instance, port })) };
  };
  return {
    ...target,
    observe: async (scope, context) => (await target.observe(scope, context)).map(moved),
    ensure: async (spec, context) => moved(await target.ensure(spec, context)),
    async stop(pool, options, context) {
      const observation = await target.stop(pool, options, context);
      return observation && moved(observation);
    },
  };
}
