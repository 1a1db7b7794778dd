/** The driver of a simulated balancer. Each has its own world, so that tests share nothing. */
import { z } from 'zod';
import { operationalError } from '../../../core/operational-error.ts';
import type { Balancer, Driver, DriverContext } from '../../contract.ts';
import type { SimulatedBalancerWorld } from './simulated-world.ts';

const configSchema = z.strictObject({});

export function simulatedBalancer(
  world: SimulatedBalancerWorld,
): Driver<'balancer', z.output<typeof configSchema>> {
  return {
    kind: 'balancer',
    id: 'simulated',
    summary: 'A balancer in memory, for tests and simulations.',
    config: configSchema,
    capabilities: new Set(['leases', 'fencing', 'samples', 'trips', 'mirror']),
    connect: () => connectSimulated(world),
  };
}

function connectSimulated(world: SimulatedBalancerWorld): Balancer {
  function call<Answer>(context: DriverContext, changes: boolean, verb: () => Answer): Answer {
    if (context.signal.aborted) {
      throw operationalError('agent-unreachable', 'The verb was aborted before it was sent.');
    }
    world.fail('before', changes);
    const answer = verb();
    world.fail('after', changes);
    return answer;
  }

  return {
    observe: async (scope, context) => call(context, false, () => world.observe(scope)),
    apply: async (routing, context) =>
      call(context, true, () => world.apply(routing, context.token, context.over)),
    renew: async (scope, context) => call(context, true, () => world.renew(scope, context.token)),
    samples: async (scope, fromSecond, context) =>
      call(context, false, () => world.report(scope, fromSecond)),
  };
}
