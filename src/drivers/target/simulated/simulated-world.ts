/**
 * A world of pools in memory that behaves as a target does, for tests and the simulation. Faults are
 * set from outside; time comes from the clock that is given.
 */
import { compareTokens, type FencingToken } from '../../../core/model/fencing-token.ts';
import type { InstanceId, PoolId, Scope } from '../../../core/model/ids.ts';
import type { InstanceUsage } from '../../../core/model/instance-usage.ts';
import type { InstanceState, PoolObservation, PoolSpec } from '../../../core/model/pool.ts';
import type { LogLine } from '../../contract.ts';

/** What a release does once it is started. */
export type SimulatedRelease = 'serves' | 'never-accepts' | 'exits';

export interface SimulatedInstance {
  readonly id: InstanceId;
  readonly port: number;
  state: InstanceState;
  pid: number | null;
  exit: { code: number | null; signal: string | null } | null;
  unexpectedExits: number;
  launchedUnder: FencingToken | null;
  readonly lines: LogLine[];
}

export interface SimulatedPool {
  spec: PoolSpec;
  desired: 'running' | 'stopped';
  instances: readonly SimulatedInstance[];
}

export interface SimulatedWorld {
  readonly pools: Map<PoolId, SimulatedPool>;
  /** Per scope the newest token and the command that it came with. */
  readonly fences: Map<Scope, { token: FencingToken; command: unknown }>;
  /** By version; what is not listed serves. */
  readonly releases: Map<string, SimulatedRelease>;
  /**
   * The next commands that are lost: `before` they are carried out or, for the caller the same,
   * `after`, when only the answer is lost.
   */
  readonly lostCommands: ('before' | 'after')[];
  /** What each instance takes up, which never changes unless it is set. */
  usage: (instance: InstanceId) => InstanceUsage['gauges'];
  /** Digests of artifacts whose copies somebody has changed. */
  readonly damaged: Set<string>;
  nextPid: number;
  nextPort: number;
}

const FIRST_PID = 1_000;
const FIRST_PORT = 20_000;
const LAST_LINES_MAX = 20;

export function createSimulatedWorld(): SimulatedWorld {
  return {
    pools: new Map(),
    fences: new Map(),
    releases: new Map(),
    lostCommands: [],
    usage: () => ({ memory: 64 * 1_024 ** 2, openFiles: 32 }),
    damaged: new Set(),
    nextPid: FIRST_PID,
    nextPort: FIRST_PORT,
  };
}

/** Starts the instance's process; what follows is up to the release. */
export function launchSimulated(
  world: SimulatedWorld,
  pool: SimulatedPool,
  instance: SimulatedInstance,
  token: FencingToken,
  at: string,
): void {
  instance.launchedUnder = token;
  instance.exit = null;
  instance.pid = world.nextPid;
  world.nextPid += 1;
  const release = world.releases.get(pool.spec.release.version) ?? 'serves';
  switch (release) {
    case 'serves':
      instance.state = 'accepting';
      say(instance, at, 'ready');
      return;
    case 'never-accepts':
      instance.state = 'starting';
      return;
    case 'exits':
      say(instance, at, 'giving up');
      instance.unexpectedExits += 1;
      endSimulated(instance, { code: 7, signal: null });
      return;
  }
}

export function endSimulated(
  instance: SimulatedInstance,
  exit: { code: number | null; signal: string | null },
): void {
  instance.state = 'exited';
  instance.pid = null;
  instance.exit = exit;
}

/** The instance ends by itself; a stable pool starts it again at once. */
export function crashSimulated(world: SimulatedWorld, id: InstanceId, at: string): void {
  for (const pool of world.pools.values()) {
    const instance = pool.instances.find((each) => each.id === id);
    if (typeof instance?.pid !== 'number') continue;
    instance.unexpectedExits += 1;
    endSimulated(instance, { code: null, signal: 'SIGKILL' });
    if (pool.spec.restart === 'always' && pool.desired === 'running') {
      launchSimulated(world, pool, instance, instance.launchedUnder ?? noToken, at);
    }
  }
}

export function observeSimulated(world: SimulatedWorld, pool: SimulatedPool): PoolObservation {
  const { spec, desired, instances } = pool;
  return {
    pool: spec.pool,
    scope: spec.scope,
    token: world.fences.get(spec.scope)?.token ?? noToken,
    artifactDigest: spec.artifact.digest,
    release: spec.release,
    restart: spec.restart,
    desired,
    instances: instances.map(({ id, port, state, pid, exit, unexpectedExits, lines }) => ({
      id,
      state,
      host: '127.0.0.1',
      port,
      pid,
      exit,
      unexpectedExits,
      lastLines: lines.slice(-LAST_LINES_MAX).map(({ text }) => text),
    })),
  };
}

/** Whether the instance is to be started under this token: once, if it ends by itself. */
export function isSimulatedStartDue(instance: SimulatedInstance, token: FencingToken): boolean {
  if (instance.pid !== null) return false;
  return instance.launchedUnder === null || compareTokens(instance.launchedUnder, token) !== 0;
}

const noToken: FencingToken = { deployment: 0, sequence: 0 };

function say(instance: SimulatedInstance, at: string, text: string): void {
  instance.lines.push({ at, instance: instance.id, stream: 'stdout', text });
}
