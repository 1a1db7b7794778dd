/** The target's verbs on a simulated world. */
import { compareTokens, type FencingToken } from '../../../core/model/fencing-token.ts';
import { canonicalJson } from '../../../core/canonical-json.ts';
import { deploymentOf, instanceIdOf, type Scope } from '../../../core/model/ids.ts';
import type { InstanceUsage } from '../../../core/model/instance-usage.ts';
import type { PoolSpec } from '../../../core/model/pool.ts';
import { operationalError } from '../../../core/operational-error.ts';
import { elapsedMs, type Clock } from '../../../platform/clock.ts';
import type { CommandContext, DriverContext, LogLine, Target } from '../../contract.ts';
import {
  endSimulated,
  isSimulatedStartDue,
  launchSimulated,
  observeSimulated,
  type SimulatedInstance,
  type SimulatedPool,
  type SimulatedWorld,
} from './simulated-world.ts';

const POLL_MS = 20;

export function simulatedTargetOf(world: SimulatedWorld, clock: Clock): Target {
  return {
    async observe(scope) {
      return [...world.pools.values()]
        .filter(({ spec }) => spec.scope === scope)
        .sort((left, right) => numberOf(right.spec) - numberOf(left.spec))
        .map((pool) => observeSimulated(world, pool));
    },
    ensure: (spec, context) =>
      orLost(world, async () => {
        admit(world, spec.scope, context.token, { verb: 'ensure', spec });
        const pool = poolFor(world, spec);
        start(world, pool, context.token, clock);
        await awaitAcceptance(world, pool, context, clock);
        return observeSimulated(world, pool);
      }),
    stop: (id, { scope, graceMs }, { token }) =>
      orLost(world, async () => {
        admit(world, scope, token, { verb: 'stop', id, graceMs });
        const pool = world.pools.get(id);
        if (!pool) return null;
        pool.desired = 'stopped';
        for (const instance of pool.instances) {
          if (instance.pid !== null) endSimulated(instance, { code: 0, signal: null });
        }
        return observeSimulated(world, pool);
      }),
    async attest(id, { scope }) {
      const pool = world.pools.get(id);
      if (pool?.spec.scope !== scope) {
        throw operationalError('artifact-missing', `There is no pool ${id}.`);
      }
      if (!world.damaged.has(pool.spec.artifact.digest)) return;
      throw operationalError(
        'artifact-mismatch',
        `The copy of ${pool.spec.artifact.digest} was changed.`,
      );
    },
    async usage(scope) {
      return [...world.pools.values()]
        .filter(({ spec }) => spec.scope === scope)
        .flatMap((pool) => usageOfSimulated(world, pool));
    },
    logs: (query, context) => readLogs(world, query, context, clock),
  };
}

function usageOfSimulated(
  world: SimulatedWorld,
  { spec, instances }: SimulatedPool,
): InstanceUsage[] {
  return instances.map(({ id, pid }) => ({
    pool: spec.pool,
    instance: id,
    pid,
    gauges: pid === null ? { memory: null, openFiles: null } : world.usage(id),
  }));
}

/** A lost command leaves its caller without knowledge, whether it was carried out or not. */
async function orLost<Result>(world: SimulatedWorld, act: () => Promise<Result>): Promise<Result> {
  const lost = world.lostCommands.shift();
  const result = lost === 'before' ? undefined : await act();
  if (lost === undefined && result !== undefined) return result;
  throw operationalError('agent-unreachable', 'The simulated answer was lost.', {
    effect: 'unknown',
  });
}

function admit(world: SimulatedWorld, scope: Scope, token: FencingToken, command: unknown): void {
  const newest = world.fences.get(scope);
  const order = newest ? compareTokens(token, newest.token) : 1;
  if (order < 0) throw operationalError('token-fenced', 'A newer command is in force.');
  if (order === 0 && canonicalJson(newest?.command) !== canonicalJson(command)) {
    throw operationalError('token-conflict', 'The token came before with another command.');
  }
  world.fences.set(scope, { token, command });
}

function poolFor(world: SimulatedWorld, spec: PoolSpec): SimulatedPool {
  const known = world.pools.get(spec.pool);
  if (known?.desired === 'stopped') {
    throw operationalError('token-fenced', `${spec.pool} was stopped and never starts again.`);
  }
  if (known) {
    if (spec.instances < known.instances.length) {
      throw operationalError(
        'request-invalid',
        `${spec.pool} has ${known.instances.length} instances and does not shrink to ${spec.instances}; stop it.`,
      );
    }
    known.spec = spec;
    addInstances(world, known);
    return known;
  }
  const pool: SimulatedPool = { spec, desired: 'running', instances: [] };
  addInstances(world, pool);
  world.pools.set(spec.pool, pool);
  return pool;
}

function addInstances(world: SimulatedWorld, pool: SimulatedPool): void {
  const { spec, instances } = pool;
  const missing = spec.instances - instances.length;
  if (missing === 0) return;
  const added = Array.from({ length: missing }, (_, index): SimulatedInstance => {
    const port = world.nextPort;
    world.nextPort += 1;
    return {
      id: instanceIdOf(spec.pool, instances.length + index),
      port,
      state: 'exited',
      pid: null,
      exit: null,
      unexpectedExits: 0,
      launchedUnder: null,
      lines: [],
    };
  });
  pool.instances = [...instances, ...added];
}

function start(
  world: SimulatedWorld,
  pool: SimulatedPool,
  token: FencingToken,
  clock: Clock,
): void {
  const at = new Date(clock.wallMs()).toISOString();
  for (const instance of pool.instances) {
    if (isSimulatedStartDue(instance, token)) launchSimulated(world, pool, instance, token, at);
  }
}

async function awaitAcceptance(
  world: SimulatedWorld,
  pool: SimulatedPool,
  { token, signal }: CommandContext,
  clock: Clock,
): Promise<void> {
  const since = clock.monotonicNs();
  while (pool.instances.some(({ state }) => state !== 'accepting')) {
    assertNotOvertaken(world, pool, token);
    const exited = pool.instances.find(({ state }) => state === 'exited');
    if (exited) {
      throw operationalError('instance-exited', `${exited.id} ended by itself.`, {
        effect: 'applied',
        details: { instance: exited.id, exit: exited.exit },
      });
    }
    if (elapsedMs(clock, since) >= pool.spec.startTimeoutMs) {
      throw operationalError(
        'instance-not-accepting',
        `${pool.spec.pool} did not accept in time.`,
        {
          effect: 'applied',
        },
      );
    }
    await sleepOrUnknown(clock, signal);
  }
  assertNotOvertaken(world, pool, token);
}

function assertNotOvertaken(
  world: SimulatedWorld,
  { spec }: SimulatedPool,
  token: FencingToken,
): void {
  const newest = world.fences.get(spec.scope);
  if (newest && compareTokens(token, newest.token) === 0) return;
  throw operationalError('token-fenced', 'A newer command came while this one ran.', {
    effect: 'unknown',
  });
}

async function sleepOrUnknown(clock: Clock, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(POLL_MS, signal);
  } catch (cause) {
    throw operationalError('agent-unreachable', 'The wait was ended by its caller.', {
      effect: 'unknown',
      cause,
    });
  }
}

async function* readLogs(
  world: SimulatedWorld,
  { pool: id, tail, follow }: Parameters<Target['logs']>[0],
  { signal }: DriverContext,
  clock: Clock,
): AsyncGenerator<LogLine> {
  const pool = world.pools.get(id);
  if (!pool) throw operationalError('not-found', `The simulated world knows no pool ${id}.`);
  const linesNow = (): LogLine[] => pool.instances.flatMap(({ lines }) => lines);
  const seen = new Set(linesNow());
  yield* tail === 0 ? [] : [...seen].slice(-tail);
  while (follow && !signal.aborted) {
    for (const line of linesNow()) {
      if (seen.has(line)) continue;
      seen.add(line);
      yield line;
    }
    // The signal ends the loop above; it is no failure here.
    await clock.sleep(POLL_MS);
  }
}

function numberOf({ pool }: PoolSpec): number {
  return deploymentOf(pool);
}
