/**
 * Drivers whose verbs only change memory, so that what a step takes is the engine's own doing. The
 * little they take is counted, and so is every step that begins.
 */
import { simulatedBalancer } from '../../../src/drivers/balancer/simulated/driver.ts';
import { createSimulatedBalancerWorld } from '../../../src/drivers/balancer/simulated/simulated-world.ts';
import { simulatedProbe } from '../../../src/drivers/probe/simulated/driver.ts';
import { simulatedTargetOf } from '../../../src/drivers/target/simulated/simulated-target.ts';
import { createSimulatedWorld } from '../../../src/drivers/target/simulated/simulated-world.ts';
import type { ConnectDrivers, NamedProbe } from '../../../src/engine/drivers-in-use.ts';
import { systemClock } from '../../../src/platform/clock.ts';

const REQUESTS_PER_SPLIT = 20;

export interface FreeDrivers {
  readonly connect: ConnectDrivers;
  /** Ns spent in verbs since the beginning. */
  spentNs(): bigint;
}

/** `onConnect` is called where the engine takes up a step: it connects the drivers of each anew. */
export function createFreeDrivers(onConnect: () => void): FreeDrivers {
  const world = createSimulatedBalancerWorld();
  const target = simulatedTargetOf(createSimulatedWorld(), systemClock);
  const balancer = simulatedBalancer(world).connect({}, { stateDirectory: '/nowhere' });
  const probe = simulatedProbe(() => ({ ok: true, observed: 'fine' })).connect(
    { timeout: 2_000 },
    { stateDirectory: '/nowhere' },
  );
  const spent = { ns: 0n };

  async function timed<Answer>(verb: () => Promise<Answer>): Promise<Answer> {
    const sinceNs = process.hrtime.bigint();
    try {
      return await verb();
    } finally {
      spent.ns += process.hrtime.bigint() - sinceNs;
    }
  }
  const probes: readonly NamedProbe[] = [
    {
      name: 'health',
      probe: { run: (subject, context) => timed(() => probe.run(subject, context)) },
    },
  ];
  const drivers: ReturnType<ConnectDrivers> = {
    target: {
      ...target,
      observe: (scope, context) => timed(() => target.observe(scope, context)),
      ensure: (spec, context) => timed(() => target.ensure(spec, context)),
      stop: (pool, options, context) => timed(() => target.stop(pool, options, context)),
    },
    balancer: {
      // Not timed: leases are renewed beside the steps, not in them.
      renew: (scope, context) => balancer.renew(scope, context),
      observe: (scope, context) => timed(() => balancer.observe(scope, context)),
      apply: (routing, context) =>
        timed(async () => {
          await balancer.apply(routing, context);
          world.send(routing.scope, REQUESTS_PER_SPLIT);
          return world.observe(routing.scope) ?? Promise.reject(new Error('nothing is routed'));
        }),
      samples: (scope, from, context) => timed(() => balancer.samples(scope, from, context)),
    },
    capabilities: { target: new Set(), balancer: new Set() },
    probes,
    probesBefore: probes,
  };
  return {
    connect() {
      onConnect();
      return drivers;
    },
    spentNs: () => spent.ns,
  };
}
