/**
 * Rules that no single section can check. Every rule reads the sections that it needs on its own, so
 * that a mistake elsewhere in the file does not hide it.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { COMPLIANCE } from '../core/compliance/compliance-report.ts';
import { formatDuration } from '../core/model/duration.ts';
import { addressesOverlap, type ListenAddress } from '../core/model/listen-address.ts';
import { batchSizes } from '../core/plan/batch-sizes.ts';
import { dependencyOrder } from '../core/plan/dependency-order.ts';
import { checkConflicts, type CheckConflict } from './check-conflicts.ts';
import type { ConfigPath, Finding } from './config-problem.ts';
import {
  isList,
  isMapping,
  placeOf,
  valueAt,
  type ConfigTree,
  type ConfigValue,
} from './config-tree.ts';
import type { ConfigurableDriver } from './configurable-driver.ts';
import { previewBackup } from './preview-backup.ts';
import { requestTimeoutOf } from './request-timeout.ts';
import { gateSchema, hangAfterSchema, latencyMaxSchema, probingSchema } from './rollout-schema.ts';
import { suggest } from './suggest.ts';
import { logless } from './logless.ts';
import { unrehearsed } from './unrehearsed.ts';
import { strategyConflicts, strategyKeysOf } from './strategy-conflicts.ts';
import { keepOldOf, strategyOf, type StrategyKeys } from './strategy-schema.ts';
import { driverSchema } from './schema.ts';

interface Facts {
  readonly value: ConfigValue;
  readonly tree: ConfigTree;
  readonly drivers: readonly ConfigurableDriver[];
}

type Listen = string | ListenAddress;

/** Only what the rules compare, so that an unknown key beside it does not matter. */
const gateTimes = z.object({
  holdFor: gateSchema.shape.holdFor,
  deadline: gateSchema.shape.deadline,
});
const gateComparison = z.object({
  compare: gateSchema.shape.compare,
  resources: gateSchema.shape.resources,
  excludeHarm: gateSchema.shape.excludeHarm,
});
const probingTimes = z.object(probingSchema.shape);

/** Within the rollout. */
const LIMITS_OF_WAITS = [
  {
    keys: ['gate', 'latency', 'max'],
    schema: latencyMaxSchema,
    otherwise: 'no answer could ever be too slow',
    remedy: 'lower it or raise requestTimeout',
  },
  {
    keys: ['trip', 'hangAfter'],
    schema: hangAfterSchema,
    otherwise: 'every request times out before it hangs',
    remedy: 'lower it, say never, or raise requestTimeout',
  },
] as const;

export function findConflicts(facts: Facts): readonly Finding[] {
  const services = valueAt(facts.value, ['services']);
  const names = isMapping(services) ? Object.keys(services) : [];
  return [
    ...names.flatMap((name) => [
      ...repeatedProbeNames(facts, ['services', name, 'probes']),
      ...gateOrder(facts, ['services', name, 'rollout', 'gate']),
      ...uncomparedHarm(facts, ['services', name, 'rollout', 'gate']),
      ...probingOrder(facts, ['services', name, 'rollout', 'probing']),
      ...unseenHang(facts, ['services', name]),
      ...unbreakableLimits(facts, ['services', name]),
      ...unfitStrategy(facts, ['services', name]),
      ...unrehearsed(facts.value, ['services', name]).map((found) => conflictOf(facts, found)),
      ...logless(facts.value, ['services', name]).map((found) => conflictOf(facts, found)),
      ...dependencyConflicts(facts, {
        ...{ at: ['services', name, 'validation', 'checks'], key: 'needs', noun: 'check' },
      }),
      ...takenName(facts, ['services', name, 'validation']),
      ...unmetChecks(facts, ['services', name, 'validation']),
      ...previewBackup(facts.value, ['services', name]).map((found) => conflictOf(facts, found)),
    ]),
    ...sharedListeners(facts, names),
    ...dependencyConflicts(facts, { at: ['services'], key: 'dependsOn', noun: 'service' }),
  ];
}

/** Of what depends on each other by name: `at` holds it, each names others in the list at its `key`. */
interface Dependents {
  readonly at: ConfigPath;
  readonly key: string;
  readonly noun: string;
}

function dependencyConflicts(facts: Facts, of: Dependents): readonly Finding[] {
  const all = valueAt(facts.value, of.at);
  const names = isMapping(all) ? Object.keys(all) : [];
  return [...strayDependencies(facts, of, names), ...circularDependencies(facts, of, names)];
}

function strayDependencies(
  facts: Facts,
  of: Dependents,
  names: readonly string[],
): readonly Finding[] {
  return names.flatMap((name) =>
    dependenciesOf(facts, of, name).flatMap((needed, index) => {
      if (names.includes(needed)) return [];
      const suggestion = suggest(needed, names);
      const message = `there is no ${of.noun} "${needed}"; declared are: ${names.join(', ')}`;
      const found = conflict(facts, [...of.at, name, of.key, index], message);
      return [{ ...found, ...(suggestion !== undefined && { suggestion }) }];
    }),
  );
}

function circularDependencies(
  facts: Facts,
  of: Dependents,
  names: readonly string[],
): readonly Finding[] {
  const order = dependencyOrder(
    Object.fromEntries(names.map((name) => [name, dependenciesOf(facts, of, name)])),
  );
  const [first] = order.names;
  if (order.kind === 'ordered' || first === undefined) return [];
  const circle = order.names.map((name, index) => `${name} on ${order.names[index + 1] ?? first}`);
  const message = `depends in a circle, so none could come first: ${circle.join(', ')}`;
  return [conflict(facts, [...of.at, first, of.key], message)];
}

function dependenciesOf(facts: Facts, { at, key }: Dependents, name: string): readonly string[] {
  const value = valueAt(facts.value, [...at, name, key]);
  return isList(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The judgement on controls stands among the checks, under its own name. */
function takenName(facts: Facts, path: ConfigPath): readonly Finding[] {
  const check = [...path, 'checks', COMPLIANCE];
  const isTaken = [check, [...path, COMPLIANCE]].every(
    (each) => valueAt(facts.value, each) !== undefined,
  );
  if (!isTaken) return [];
  const message = `is the name of the judgement on controls; call the check something else`;
  return [conflict(facts, check, message)];
}

function unmetChecks(facts: Facts, at: ConfigPath): readonly Finding[] {
  return checkConflicts(valueAt(facts.value, at), facts.drivers).map((found) =>
    conflictOf(facts, { ...found, path: [...at, ...found.path] }),
  );
}

function conflictOf(facts: Facts, { path, message, suggestion }: CheckConflict): Finding {
  return { ...conflict(facts, path, message), ...(suggestion !== undefined && { suggestion }) };
}

function repeatedProbeNames(facts: Facts, path: ConfigPath): readonly Finding[] {
  const probes = valueAt(facts.value, path);
  if (!isList(probes)) return [];
  const names = probes.map((probe) => valueAt(probe, ['name']));
  return names.flatMap((name, index) =>
    typeof name === 'string' && names.indexOf(name) < index
      ? [conflict(facts, [...path, index, 'name'], `there is already a probe named "${name}"`)]
      : [],
  );
}

function gateOrder(facts: Facts, path: ConfigPath): readonly Finding[] {
  const gate = gateTimes.safeParse(valueAt(facts.value, path) ?? {});
  if (!gate.success || gate.data.deadline > gate.data.holdFor) return [];
  const { deadline, holdFor } = gate.data;
  const message = `deadline (${formatDuration(deadline)}) must be longer than holdFor (${formatDuration(holdFor)}), or no verdict could ever be PASS`;
  return [conflict(facts, [...path, 'deadline'], message)];
}

function uncomparedHarm(facts: Facts, path: ConfigPath): readonly Finding[] {
  const gate = gateComparison.safeParse(valueAt(facts.value, path) ?? {});
  if (!gate.success || !gate.data.excludeHarm) return [];
  if (gate.data.compare.length > 0 || gate.data.resources) return [];
  const message = 'needs compare: [errors, latency], for harm is excluded by comparing';
  return [conflict(facts, [...path, 'excludeHarm'], message)];
}

function probingOrder(facts: Facts, path: ConfigPath): readonly Finding[] {
  const probing = probingTimes.safeParse(valueAt(facts.value, path) ?? {});
  if (!probing.success) return [];
  const { consecutive, interval, deadline } = probing.data;
  const leastMs = (consecutive - 1) * interval;
  if (deadline > leastMs) return [];
  const message = `deadline (${formatDuration(deadline)}) is too short for ${consecutive} passes at an interval of ${formatDuration(interval)}, which take ${formatDuration(leastMs)}`;
  return [conflict(facts, [...path, 'deadline'], message)];
}

/** A request that hangs is counted only after the balancer's time-out: hold the steps that long. */
function unseenHang(facts: Facts, path: ConfigPath): readonly Finding[] {
  const rollout = strategyKeysOf(valueAt(facts.value, [...path, 'rollout']));
  const requestTimeout = requestTimeoutAt(facts, path);
  if (!rollout || requestTimeout === null) return [];
  const holds = holdsOf(rollout, instancesAt(facts, path));
  const holdMs = holds.reduce((sum, hold) => sum + hold, keepOldOf(rollout));
  if (holdMs >= requestTimeout) return [];
  const all =
    holds.length === 1 ? 'the only weight is' : `all ${holds.length} weights together are`;
  const message = `${all} held for ${formatDuration(holdMs)}, less than the balancer's requestTimeout of ${formatDuration(requestTimeout)}: requests that time out would be seen only after promotion; raise holdFor or lower requestTimeout`;
  return [conflict(facts, [...path, 'rollout', 'gate', 'holdFor'], message)];
}

/** What the balancer ends before it is too long is never too long. */
function unbreakableLimits(facts: Facts, service: ConfigPath): readonly Finding[] {
  const requestTimeout = requestTimeoutAt(facts, service);
  if (requestTimeout === null) return [];
  return LIMITS_OF_WAITS.flatMap(({ keys, schema, otherwise, remedy }) => {
    const path = [...service, 'rollout', ...keys];
    const { data: limit } = schema.safeParse(valueAt(facts.value, path));
    if (typeof limit !== 'number' || limit < requestTimeout) return [];
    const message = `${keys.at(-1)} (${formatDuration(limit)}) must be shorter than the balancer's requestTimeout (${formatDuration(requestTimeout)}), or ${otherwise}; ${remedy}`;
    return [conflict(facts, path, message)];
  });
}

/** How long each weight is held at least; the batches of an unknown number of instances are two. */
function holdsOf(rollout: StrategyKeys, instances: number | null): readonly number[] {
  const strategy = strategyOf(rollout);
  const { holdFor } = rollout.gate;
  switch (strategy.kind) {
    case 'canary':
      return strategy.steps.map((step) => step.holdFor);
    case 'blue-green':
      return [holdFor];
    case 'rolling':
      return batchSizes(strategy.batch, instances ?? 2).map(() => holdFor);
  }
}

function unfitStrategy(facts: Facts, path: ConfigPath): readonly Finding[] {
  const at = [...path, 'rollout'];
  const rollout = valueAt(facts.value, at);
  return strategyConflicts(rollout, instancesAt(facts, path)).map((found) =>
    conflict(facts, [...at, ...found.path], found.message),
  );
}

/** Null when the target has no such number, or none that is one. */
function instancesAt(facts: Facts, service: ConfigPath): number | null {
  const value = valueAt(facts.value, [...service, 'target']);
  const target = driverSchema(facts.drivers, 'target').safeParse(value);
  const instances = target.success ? target.data.config['instances'] : null;
  return typeof instances === 'number' ? instances : null;
}

function sharedListeners(facts: Facts, names: readonly string[]): readonly Finding[] {
  const listeners = names.flatMap((name) => {
    const listen = balancerAt(facts, ['services', name])?.['listen'];
    return isListen(listen) ? [{ name, listen }] : [];
  });
  return listeners.flatMap(({ name, listen }, index) => {
    const other = listeners.slice(0, index).find((earlier) => overlaps(earlier.listen, listen));
    if (!other) return [];
    const path = ['services', name, 'balancer', 'listen'];
    return [conflict(facts, path, `the balancer of ${other.name} listens on this address already`)];
  });
}

function requestTimeoutAt(facts: Facts, service: ConfigPath): number | null {
  const balancer = balancerAt(facts, service);
  return balancer && requestTimeoutOf(balancer);
}

function balancerAt(facts: Facts, service: ConfigPath): Readonly<Record<string, unknown>> | null {
  const value = valueAt(facts.value, [...service, 'balancer']);
  const balancer = driverSchema(facts.drivers, 'balancer').safeParse(value);
  return balancer.success ? balancer.data.config : null;
}

function isListen(listen: unknown): listen is Listen {
  if (typeof listen === 'string') return true;
  return typeof listen === 'object' && listen !== null && 'host' in listen && 'port' in listen;
}

function overlaps(left: Listen, right: Listen): boolean {
  if (typeof left === 'string' || typeof right === 'string') return isDeepStrictEqual(left, right);
  return addressesOverlap(left, right);
}

function conflict(facts: Facts, path: ConfigPath, message: string): Finding {
  return { code: 'value-conflicting', message, at: placeOf(facts.tree, path).valueAt, path };
}
