/** Drivers and store as a process has them: every call goes over the network of the run. */
import { operationalError } from '../../src/core/operational-error.ts';
import type { DriverContext } from '../../src/drivers/contract.ts';
import type { DriversInUse } from '../../src/engine/drivers-in-use.ts';
import type { Store } from '../../src/store/store.ts';
import type { SimulatedNetwork } from './simulated-network.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { SimulatedSurroundings } from './simulated-surroundings.ts';

const REQUESTS_PER_LOOK = 6;

export function driversOver(
  network: SimulatedNetwork,
  process: SimulatedProcess,
  surroundings: SimulatedSurroundings,
): DriversInUse {
  const { target, balancer, probe, sync, send } = surroundings;
  const over = <Arguments extends readonly unknown[], Result>(
    name: string,
    verb: (...given: Arguments) => Promise<Result>,
  ) => {
    const lost = () =>
      operationalError('agent-unreachable', `The answer to ${name} was lost.`, {
        effect: /observe|samples|probe/.test(name) ? 'none' : 'unknown',
      });
    return (...given: Arguments): Promise<Result> => {
      const { signal } = given.at(-1) as DriverContext;
      return network.call(process, { name, lost, signal }, () => {
        sync();
        return verb(...given);
      });
    };
  };
  const probes = [{ name: 'health', probe: { run: over('probe.run', probe.run) } }];
  return {
    target: {
      observe: over('target.observe', target.observe),
      ensure: over('target.ensure', target.ensure),
      stop: over('target.stop', target.stop),
      logs: target.logs,
    },
    balancer: {
      observe: over('balancer.observe', balancer.observe),
      apply: over('balancer.apply', balancer.apply),
      renew: over('balancer.renew', balancer.renew),
      samples: over('balancer.samples', (...given) => {
        send(REQUESTS_PER_LOOK);
        return balancer.samples(...given);
      }),
    },
    probes,
    probesBefore: probes,
    capabilities: { target: new Set(), balancer: new Set() },
  };
}

/** One for all: a stack costs more than a call. */
const LOST = new Error('Connection terminated unexpectedly');

/** `isAway` fails every call that arrives meanwhile. */
export function storeOver(
  network: SimulatedNetwork,
  process: SimulatedProcess,
  store: Store,
  isAway: () => boolean,
): Store {
  const lost = (): Error => LOST;
  const over =
    <Arguments extends readonly unknown[], Result>(
      name: string,
      call: (...given: Arguments) => Promise<Result>,
    ) =>
    (...given: Arguments): Promise<Result> =>
      network.call(process, { name, lost }, () =>
        isAway() ? Promise.reject(lost()) : call(...given),
      );
  return {
    ...store,
    findDeployment: over('store.findDeployment', store.findDeployment),
    listDeployments: over('store.listDeployments', store.listDeployments),
    takeUpDeployment: over('store.takeUpDeployment', store.takeUpDeployment),
    saveProgress: over('store.saveProgress', store.saveProgress),
    recordOutcome: over('store.recordOutcome', store.recordOutcome),
    endDeployment: over('store.endDeployment', store.endDeployment),
    deploymentAgeMs: over('store.deploymentAgeMs', store.deploymentAgeMs),
    findReleaseEnvironment: over('store.findReleaseEnvironment', store.findReleaseEnvironment),
    hasOpenRequest: over('store.hasOpenRequest', store.hasOpenRequest),
  };
}
