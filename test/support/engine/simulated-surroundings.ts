/**
 * The outside world of an engine under test: simulated drivers on one clock, with traffic for
 * every look at the samples, a record of all verbs, and places where a process may die.
 */
import type { PoolId, Scope } from '../../../src/core/model/ids.ts';
import { simulatedBalancer } from '../../../src/drivers/balancer/simulated/driver.ts';
import {
  createSimulatedBalancerWorld,
  type SimulatedBalancerWorld,
} from '../../../src/drivers/balancer/simulated/simulated-world.ts';
import type { Balancer, Driver, Target } from '../../../src/drivers/contract.ts';
import { simulatedProbe, type ProbeScript } from '../../../src/drivers/probe/simulated/driver.ts';
import { simulatedTarget } from '../../../src/drivers/target/simulated/driver.ts';
import { simulatedTargetOf } from '../../../src/drivers/target/simulated/simulated-target.ts';
import {
  createSimulatedWorld,
  type SimulatedWorld,
} from '../../../src/drivers/target/simulated/simulated-world.ts';
import { connectDriversFrom, type ConnectDrivers } from '../../../src/engine/drivers-in-use.ts';
import type { ServerWork } from '../../../src/engine/server-work.ts';
import { unaskedWork } from './unasked-work.ts';
import { systemClock, type Clock } from '../../../src/platform/clock.ts';

export const scope = 'production/web' as Scope;

export function poolOf(deployment: number): PoolId {
  return `production.web.${deployment}` as PoolId;
}

export interface SeenVerb {
  readonly name: string;
  readonly atNs: bigint;
}

export interface Surroundings {
  readonly target: SimulatedWorld;
  readonly balancer: SimulatedBalancerWorld;
  /** Starts at 0 with the surroundings unless one was given; leases and samples go by it. */
  readonly clock: Clock;
  readonly connectDrivers: ConnectDrivers;
  /** What the server does itself; none is expected unless said otherwise. */
  readonly work: { -readonly [Key in keyof ServerWork]: ServerWork[Key] };
  /** Every verb that was sent, for example `balancer.apply`. */
  readonly seen: SeenVerb[];
  /** Requests that clients send before each look at the samples. */
  requestsPerLook: number;
  /** How probes are answered; all pass unless said otherwise. */
  probe: ProbeScript;
  /** Awaited before and after every verb; never resolving is the death of the process. */
  atVerb(verb: string, moment: 'before' | 'after'): Promise<void> | void;
}

export function simulatedSurroundings(clock: Clock = clockFromNow()): Surroundings {
  const world = createSimulatedWorld();
  const balancerWorld = createSimulatedBalancerWorld();
  const surroundings: Surroundings = {
    target: world,
    balancer: balancerWorld,
    clock,
    connectDrivers: (plan) => connect(plan),
    work: { ...unaskedWork },
    seen: [],
    requestsPerLook: 40,
    probe: () => ({ ok: true, observed: 'fine' }),
    atVerb: () => undefined,
  };
  const target: Driver<'target'> = {
    ...(simulatedTarget as Driver<'target'>),
    connect: () => watchedTarget(surroundings, simulatedTargetOf(world, clock)),
  };
  const plain = simulatedBalancer(balancerWorld);
  const balancer: Driver<'balancer'> = {
    ...(plain as Driver<'balancer'>),
    connect: (_config, environment) =>
      watchedBalancer(surroundings, plain.connect({}, environment)),
  };
  const probe = simulatedProbe((subject, asked) => surroundings.probe(subject, asked), clock);
  const connect = connectDriversFrom([target, balancer, probe], {
    stateDirectory: '/nowhere',
  });
  return surroundings;
}

function clockFromNow(): Clock {
  const originNs = systemClock.monotonicNs();
  return { ...systemClock, monotonicNs: () => systemClock.monotonicNs() - originNs };
}

function watchedTarget(surroundings: Surroundings, target: Target): Target {
  return {
    observe: (...args) => watched(surroundings, 'target.observe', () => target.observe(...args)),
    ensure: (...args) => watched(surroundings, 'target.ensure', () => target.ensure(...args)),
    stop: (...args) => watched(surroundings, 'target.stop', () => target.stop(...args)),
    attest: (...args) => watched(surroundings, 'target.attest', () => target.attest(...args)),
    usage: (...args) => watched(surroundings, 'target.usage', () => target.usage(...args)),
    logs: (...args) => target.logs(...args),
  };
}

function watchedBalancer(surroundings: Surroundings, balancer: Balancer): Balancer {
  return {
    observe: (...args) =>
      watched(surroundings, 'balancer.observe', () => balancer.observe(...args)),
    apply: (...args) => watched(surroundings, 'balancer.apply', () => balancer.apply(...args)),
    renew: (...args) => watched(surroundings, 'balancer.renew', () => balancer.renew(...args)),
    samples: (...args) =>
      watched(surroundings, 'balancer.samples', () => {
        surroundings.balancer.send(args[0], surroundings.requestsPerLook);
        return balancer.samples(...args);
      }),
  };
}

async function watched<Result>(
  surroundings: Surroundings,
  verb: string,
  act: () => Promise<Result>,
): Promise<Result> {
  await surroundings.atVerb(verb, 'before');
  const nowNs = surroundings.clock.monotonicNs();
  surroundings.seen.push({ name: verb, atNs: nowNs });
  const behindMs = Number(nowNs) / 1e6 - surroundings.balancer.nowMs();
  if (behindMs > 0) surroundings.balancer.advance(behindMs);
  const result = await act();
  await surroundings.atVerb(verb, 'after');
  return result;
}
