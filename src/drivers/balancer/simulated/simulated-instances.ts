/** The instances of simulated pools: whose turn it is, and who is ejected by the rules of core/routing. */
import type { FencingToken } from '../../../core/model/fencing-token.ts';
import type { InstanceId, PoolId } from '../../../core/model/ids.ts';
import type { RoutedPool } from '../../../core/model/routing.ts';
import {
  HEALTHY,
  healthAfterFailure,
  healthOnTrial,
  isEjected,
  isTrialDue,
  type InstanceHealth,
} from '../../../core/routing/instance-health.ts';
import {
  answersUnder,
  withAnswer,
  type AnswersOfInstance,
} from '../../../core/routing/answers-of-instance.ts';
import type { PoolLoad } from '../../../core/routing/routing-observation.ts';

export interface SimulatedInstances {
  /** Whose turn it is in the pool; null when all of it is ejected. */
  next(pool: RoutedPool, nowNs: bigint): InstanceId | null;
  outcome(
    answered: { readonly pool: RoutedPool; readonly instance: InstanceId },
    isGood: boolean,
    at: { readonly mayEmpty: boolean; readonly nowNs: bigint },
  ): void;
  answered(instance: InstanceId, under: FencingToken): void;
  load(pool: RoutedPool, inForce: FencingToken): PoolLoad;
}

export function createSimulatedInstances(): SimulatedInstances {
  // Whoever is not in it is healthy.
  const healths = new Map<InstanceId, InstanceHealth>();
  const answers = new Map<InstanceId, AnswersOfInstance>();
  const turns = new Map<PoolId, number>();
  const healthOf = (instance: InstanceId) => healths.get(instance) ?? HEALTHY;

  return {
    next({ pool, endpoints }, nowNs) {
      const turn = turns.get(pool) ?? 0;
      turns.set(pool, (turn + 1) % Math.max(1, endpoints.length));
      for (let step = 0; step < endpoints.length; step += 1) {
        const instance = endpoints[(turn + step) % endpoints.length]?.instance;
        if (instance === undefined) continue;
        const health = healthOf(instance);
        if (!isEjected(health)) return instance;
        if (!isTrialDue(health, nowNs)) continue;
        healths.set(instance, healthOnTrial(health, nowNs));
        return instance;
      }
      return null;
    },
    outcome({ pool, instance }, isGood, { mayEmpty, nowNs }) {
      if (isGood) {
        healths.delete(instance);
        return;
      }
      const others = pool.endpoints
        .filter((other) => other.instance !== instance)
        .map((other) => healthOf(other.instance));
      healths.set(instance, healthAfterFailure(healthOf(instance), { others, mayEmpty }, nowNs));
    },
    answered(instance, under) {
      answers.set(instance, withAnswer(answers.get(instance) ?? null, under));
    },
    load({ pool, endpoints }, inForce) {
      const instances = endpoints.map(({ instance }) => instance);
      return {
        ...{ pool, inFlight: 0, oldestWaitingMs: 0 },
        ejected: instances.filter((instance) => isEjected(healthOf(instance))),
        answered: instances.map((instance) => [
          instance,
          answersUnder(answers.get(instance) ?? null, inForce),
        ]),
      };
    },
  };
}
