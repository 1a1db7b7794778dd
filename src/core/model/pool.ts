import type { FencingToken } from './fencing-token.ts';
import type { InstanceId, PoolId, Scope } from './ids.ts';

/** What a target must keep running: all instances of one release of one service. */
export interface PoolSpec {
  readonly pool: PoolId;
  readonly scope: Scope;
  readonly release: { readonly version: string; readonly configDigest: string };
  /** Directory or file as named by the operator, and the digest its content must have. */
  readonly artifact: { readonly path: string; readonly digest: string };
  /** Program and arguments; run in the artifact's directory. */
  readonly command: readonly string[];
  /** Given to the instance besides PORT and SUREFOOT_*; values may be secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly instances: number;
  /** How long an instance may take until it accepts connections on its port. */
  readonly startTimeoutMs: number;
  /** `never` while the pool is a candidate: an exit is a signal. `always` once it is stable. */
  readonly restart: 'always' | 'never';
}

export type InstanceState =
  | 'starting' // process runs, port does not accept yet
  | 'accepting' // port accepts connections
  | 'stopping' // was told to end
  | 'exited'; // process is gone

export interface InstanceObservation {
  readonly id: InstanceId;
  readonly state: InstanceState;
  readonly host: string;
  readonly port: number;
  /** Null when no process was found for the instance. */
  readonly pid: number | null;
  /** How the last process ended; code and signal are null when that is unknown (it was adopted). */
  readonly exit: { readonly code: number | null; readonly signal: string | null } | null;
  /** Exits that were not asked for, over the life of the instance. */
  readonly unexpectedExits: number;
  /** Last lines of output, newest last; kept when the instance has exited. At most 20. */
  readonly lastLines: readonly string[];
}

/** What a target says of a pool, read from the world at this moment. */
export interface PoolObservation {
  readonly pool: PoolId;
  readonly scope: Scope;
  /** The newest token accepted for the pool's scope. */
  readonly token: FencingToken;
  readonly artifactDigest: string;
  readonly release: PoolSpec['release'];
  readonly restart: PoolSpec['restart'];
  /** `stopped` pools stay known, so that a late start cannot bring them back. */
  readonly desired: 'running' | 'stopped';
  readonly instances: readonly InstanceObservation[];
}
