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
import type { CallSite, SimulatedNetwork } from './simulated-network.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { SimulatedSurroundings } from './simulated-surroundings.ts';
import type { Weather } from './weather.ts';

type ApplyContext = CommandContext & { readonly over?: FencingToken };

/** The way from a process to everything else. */
export interface Way {
  readonly network: SimulatedNetwork;
  readonly process: SimulatedProcess;
  readonly weather: Weather;
}

interface DriverSite extends CallSite {
  /** Whom it reaches; null for an instance itself. */
  readonly agent: 'target' | 'balancer' | null;
}

/** What a verb of a driver does: it looks, changes what it is for, or keeps it so. */
const DRIVER_SITES = {
  'target.observe': driverSite('target.observe', 'target', 'looks'),
  'target.usage': driverSite('target.usage', 'target', 'looks'),
  'target.attest': driverSite('target.attest', 'target', 'looks'),
  'target.ensure': driverSite('target.ensure', 'target', 'changes'),
  'target.stop': driverSite('target.stop', 'target', 'changes'),
  'balancer.observe': driverSite('balancer.observe', 'balancer', 'looks'),
  'balancer.apply': driverSite('balancer.apply', 'balancer', 'changes'),
  'balancer.renew': driverSite('balancer.renew', 'balancer', 'renews'),
  'balancer.samples': driverSite('balancer.samples', 'balancer', 'looks'),
  'probe.run': driverSite('probe.run', null, 'looks'),
} as const;

function driverSite(
  name: string,
  agent: DriverSite['agent'],
  does: 'looks' | 'changes' | 'renews',
): DriverSite {
  const effect = does === 'looks' ? 'none' : 'unknown';
  const lost = () =>
    operationalError('agent-unreachable', `The answer to ${name} was lost.`, { effect });
  return { name, agent, changes: does !== 'looks', acts: does !== 'renews', lost };
}

export function driversOver(
  { network, process, weather }: Way,
  surroundings: SimulatedSurroundings,
): DriversInUse {
  const { target, routing, probe, sync } = surroundings;
  const over = <Arguments extends readonly unknown[], Result>(
    name: keyof typeof DRIVER_SITES,
    verb: (...given: Arguments) => Result | Promise<Result>,
  ) => {
    const site: DriverSite = DRIVER_SITES[name];
    const { agent } = site;
    return (...given: Arguments): Promise<Result> =>
      network.call(process, site, (given.at(-1) as DriverContext).signal, () => {
        sync();
        if (agent !== null && weather.is(`${agent}-away`)) throw site.lost();
        const result = verb(...given);
        if (agent === null || !weather.is(`${agent}-mute`)) return result;
        if (result instanceof Promise) result.catch(() => undefined);
        throw site.lost();
      });
  };
  let stale: TrafficReport | null = null;
  const probes = [{ name: 'health', probe: { run: over('probe.run', probe) } }];
  return {
    target: {
      observe: over('target.observe', target.observe),
      ensure: over('target.ensure', target.ensure),
      stop: over('target.stop', target.stop),
      usage: over('target.usage', target.usage),
      attest: over('target.attest', target.attest),
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

/** What a call does to the store: it reads, changes it, or changes what only a driver of deployments may. */
const STORE_CALLS: Readonly<Record<keyof Store, 'reads' | 'changes' | 'drives'>> = {
  nextDeploymentNumber: 'reads',
  admitDeployment: 'changes',
  saveProgress: 'drives',
  keepWatch: 'drives',
  takeUpDeployment: 'drives',
  recordOutcome: 'drives',
  endDeployment: 'drives',
  findDeployment: 'reads',
  listDeployments: 'reads',
  listLatestByScope: 'reads',
  deploymentAgeMs: 'reads',
  findRequested: 'reads',
  findDeploymentOfPool: 'reads',
  findReleaseEnvironment: 'reads',
  findSchemaNotes: 'reads',
  addRequest: 'changes',
  openRequests: 'reads',
  addFreezes: 'changes',
  liftFreezes: 'changes',
  placesNow: 'reads',
  appendAudit: 'changes',
  readAudit: 'reads',
};

const storeSites = (Object.keys(STORE_CALLS) as (keyof Store)[]).map((name) => {
  const kind = STORE_CALLS[name];
  const changes = kind !== 'reads';
  const site: CallSite = { name: `store.${name}`, changes, acts: false, lost: () => LOST };
  return { name, site, isDriving: kind === 'drives' };
});

export function storeOver(
  { network, process, weather }: Way,
  store: StoreAtOnce,
  driving: { isTermOver(): boolean; onReplaced(): void },
): Store {
  const calls = storeSites.map(({ name, site, isDriving }) => {
    const call = store[name] as (...given: readonly unknown[]) => unknown;
    const over = (...given: readonly unknown[]) =>
      network.call(process, site, null, () => {
        if (weather.is('database-away')) throw LOST;
        if (site.changes && weather.is('volume-full')) throw FULL;
        if (!isDriving || !driving.isTermOver()) return call(...given);
        process.deliver(() => driving.onReplaced());
        throw operationalError('driver-replaced', 'Another server drives now.');
      });
    return [name, over] as const;
  });
  // Filled one by one, such an object lives until the whole heap is looked at, with all it knows.
  return Object.fromEntries(calls) as unknown as Store;
}
