/** Drivers and store as a process has them: every call goes over the network of the run. */
import pg from 'pg';
import { operationalError } from '../../src/core/operational-error.ts';
import type { FencingToken } from '../../src/core/model/fencing-token.ts';
import type { Scope } from '../../src/core/model/ids.ts';
import type { TrafficReport } from '../../src/core/model/traffic-report.ts';
import type { Routing } from '../../src/core/model/routing.ts';
import type { CommandContext, DriverContext } from '../../src/drivers/contract.ts';
import type { DriversInUse } from '../../src/engine/drivers-in-use.ts';
import type { Store } from '../../src/store/store.ts';
import type { StoreAtOnce } from './memory-store.ts';
import type { SimulatedNetwork } from './simulated-network.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { SimulatedSurroundings } from './simulated-surroundings.ts';
import type { Weather } from './weather.ts';

type ApplyContext = CommandContext & { readonly over?: FencingToken };

const REQUESTS_PER_LOOK = 6;

/** The way from a process to everything else. */
export interface Way {
  readonly network: SimulatedNetwork;
  readonly process: SimulatedProcess;
  readonly weather: Weather;
}

export function driversOver(
  { network, process, weather }: Way,
  surroundings: SimulatedSurroundings,
): DriversInUse {
  const { target, routing, probe, sync, send } = surroundings;
  const over = <Arguments extends readonly unknown[], Result>(
    name: string,
    verb: (...given: Arguments) => Result | Promise<Result>,
  ) => {
    const changes = !/observe|probe/.test(name);
    const effect = changes && name !== 'balancer.samples' ? 'unknown' : 'none';
    const lost = () =>
      operationalError('agent-unreachable', `The answer to ${name} was lost.`, { effect });
    const site = { name, changes, lost };
    const agent = name.startsWith('target.') ? 'target' : 'balancer';
    const isAgent = !name.startsWith('probe.');
    return (...given: Arguments): Promise<Result> =>
      network.call(process, site, (given.at(-1) as DriverContext).signal, () => {
        sync();
        if (isAgent && weather.is(`${agent}-away`)) throw lost();
        const result = verb(...given);
        if (!isAgent || !weather.is(`${agent}-mute`)) return result;
        if (result instanceof Promise) result.catch(() => undefined);
        throw lost();
      });
  };
  let stale: TrafficReport | null = null;
  const probes = [{ name: 'health', probe: { run: over('probe.run', probe) } }];
  return {
    target: {
      observe: over('target.observe', target.observe),
      ensure: over('target.ensure', target.ensure),
      stop: over('target.stop', target.stop),
      logs: target.logs,
    },
    balancer: {
      observe: over('balancer.observe', (scope: Scope, _context: DriverContext) =>
        routing.observe(scope),
      ),
      apply: over('balancer.apply', (wanted: Routing, context: ApplyContext) =>
        routing.apply(wanted, context.token, context.over),
      ),
      renew: over('balancer.renew', (scope: Scope, { token }: CommandContext) =>
        routing.renew(scope, token),
      ),
      samples: over('balancer.samples', (scope: Scope, from: number, _context: DriverContext) => {
        send(REQUESTS_PER_LOOK);
        if (!weather.is('samples-stale')) stale = null;
        const report = stale ?? routing.report(scope, from);
        if (weather.is('samples-stale')) stale = report;
        return report;
      }),
    },
    probes,
    probesBefore: probes,
    capabilities: { target: new Set(), balancer: new Set() },
  };
}

/** One for all: a stack costs more than a call. */
const LOST = new Error('Connection terminated unexpectedly');

const FULL = Object.assign(
  new pg.DatabaseError('could not extend file: No space left on device', 0, 'error'),
  { code: '53100' },
);

/** What only a driver of deployments writes. */
const DRIVING = new Set<keyof Store>([
  'saveProgress',
  'takeUpDeployment',
  'recordOutcome',
  'endDeployment',
]);

export function storeOver(
  { network, process, weather }: Way,
  store: StoreAtOnce,
  driving: { isTermOver(): boolean; onReplaced(): void },
): Store {
  const lost = (): Error => LOST;
  const over = <Arguments extends readonly unknown[], Result>(
    name: keyof Store,
    call: (...given: Arguments) => Result,
  ) => {
    const changes = !/^(find|list|has|read|next)|Age/.test(name);
    const site = { name: `store.${name}`, changes, lost };
    return (...given: Arguments): Promise<Result> =>
      network.call(process, site, null, () => {
        if (weather.is('database-away')) throw LOST;
        if (changes && weather.is('volume-full')) throw FULL;
        if (!DRIVING.has(name) || !driving.isTermOver()) return call(...given);
        process.deliver(() => driving.onReplaced());
        throw operationalError('driver-replaced', 'Another server drives now.');
      });
  };
  const names = Object.keys(store) as (keyof Store)[];
  return Object.fromEntries(
    names.map((name) => [name, over(name, store[name] as never)]),
  ) as unknown as Store;
}
