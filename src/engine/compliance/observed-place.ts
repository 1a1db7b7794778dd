/** Where facts are looked for: one service of one Surefoot on this machine. */
import type { Observation } from '../../core/compliance/observable-fact.ts';
import type { RuledCheck } from '../../core/compliance/limits-kept.ts';
import type { Declared } from '../../core/compliance/planned-controls.ts';
import type { ListenAddress } from '../../core/model/listen-address.ts';
import type { HostEnvironment } from '../backup/configured-keys.ts';
import type { Clock } from '../../platform/clock.ts';
import type { StateDirectory } from '../../platform/state-directory.ts';

export interface ObservedPlace {
  readonly directory: StateDirectory;
  readonly declared: Declared;
  /** Of the whole chain. */
  readonly checks: readonly RuledCheck[];
  /** Surefoot's own environment: it may hold keys, and name a PostgreSQL of others. */
  readonly host: HostEnvironment;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Never throws for what it finds, or cannot find out: that is its answer. */
export type Observe = (place: ObservedPlace) => Promise<Observation>;

export const ANSWER_MS_MAX = 5_000;

export function holds(observed: string): Observation {
  return { state: 'holds', observed };
}

export function broken(observed: string): Observation {
  return { state: 'broken', observed };
}

export function unknown(observed: string): Observation {
  return { state: 'unknown', observed };
}

/** The URL of a PostgreSQL that is not Surefoot's own; null where it has its own. */
export function foreignDatabase(host: HostEnvironment): string | null {
  const url = host['DATABASE_URL'];
  return url === undefined || url === '' ? null : url;
}

export function addressText({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** An address to listen on may be all of them; one of this machine is asked then. */
export function askable({ host, port }: ListenAddress): ListenAddress {
  if (host === '0.0.0.0') return { host: '127.0.0.1', port };
  return host === '::' ? { host: '::1', port } : { host, port };
}
