/** A pool as the edge works with it: connections to its endpoints, and what it carries now. */
import { isIPv6 } from 'node:net';
import { Pool } from 'undici';
import type { InstanceId, PoolId } from '../core/model/ids.ts';
import { HEAD_BYTES_MAX } from '../core/model/request-limits.ts';
import type { RoutedPool } from '../core/model/routing.ts';
import type { AnswersOfInstance } from '../core/routing/answers-of-instance.ts';
import {
  HEALTHY,
  healthAfterFailure,
  healthOnTrial,
  isEjected,
  isTrialDue,
  type InstanceHealth,
} from '../core/routing/instance-health.ts';
import type { Slot } from '../core/routing/slot-at-point.ts';
import type { Attempt } from './attempt.ts';
import type { HeldAnswer } from './held-answer.ts';
import { readByCopy } from './read-by-copy.ts';
import type { TrafficBucket } from './traffic-recorder.ts';
import type { WaitingList } from './waiting-list.ts';

const CONNECT_TIMEOUT_MS = 2_000;
const CONNECTIONS_PER_ENDPOINT_MAX = 1_024;
/**
 * Shorter than what servers keep idle connections for (gunicorn 2 s, Node 5 s), so that none closes
 * one in the moment it is used again. A `keep-alive: timeout=` of the server takes precedence.
 */
const IDLE_CONNECTION_MS = 1_500;
/** How long an endpoint that refused a connection is asked last. */
const DOWN_NS = 250_000_000n;

export interface Endpoint {
  readonly instance: InstanceId;
  readonly host: string;
  readonly port: number;
  readonly upstream: Pool;
  outstanding: number;
  downUntilNs: bigint;
  health: InstanceHealth;
  answers: AnswersOfInstance | null;
}

export interface LivePool extends Slot {
  readonly id: PoolId;
  /** Effective, after lease and trips. */
  weight: number;
  endpoints: readonly Endpoint[];
  inFlight: number;
  /** Was stable once: what it still answers while it drains is good. */
  isProven: boolean;
  readonly waiting: WaitingList<Attempt>;
  /** Those that are being answered, and those whose client is to send more. */
  readonly flowing: WaitingList<Attempt>;
  /** Answers of which nothing was passed on yet, longest held first. */
  readonly held: WaitingList<HeldAnswer>;
  /** When the tick came last: exact enough for bodies, of which each chunk asks. */
  tickedNs: bigint;
  /** Where the endpoint search starts next, so that equals take turns. */
  turn: number;
  /** The bucket of the last outcome, so that the next one need not search for it. */
  bucket: TrafficBucket | null;
}

export function createLivePool(id: PoolId, nowNs: bigint): LivePool {
  return {
    id,
    weight: 0,
    endpoints: [],
    inFlight: 0,
    isProven: false,
    waiting: { first: null, last: null },
    flowing: { first: null, last: null },
    held: { first: null, last: null },
    tickedNs: nowNs,
    turn: 0,
    bucket: null,
  };
}

/** Takes over the endpoints of a routing; connections to those that stay are kept. */
export function setEndpoints(pool: LivePool, endpoints: RoutedPool['endpoints']): void {
  const former = pool.endpoints;
  pool.endpoints = endpoints.map((wanted) => {
    const known = former.find(
      (endpoint) =>
        endpoint.instance === wanted.instance &&
        endpoint.host === wanted.host &&
        endpoint.port === wanted.port,
    );
    return known ?? connected(wanted);
  });
  for (const endpoint of former) {
    if (!pool.endpoints.includes(endpoint)) closeEndpoint(endpoint);
  }
}

/**
 * The endpoint with the fewest requests that was not tried; those that refused lately come last. One
 * that was ejected gets its trial first when that is due, and else nothing.
 */
export function pickEndpoint(
  pool: LivePool,
  nowNs: bigint,
  tried: readonly Endpoint[] | null,
): Endpoint | null {
  const { endpoints } = pool;
  let best: Endpoint | null = null;
  let isBestDown = false;
  for (let step = 0; step < endpoints.length; step += 1) {
    const endpoint = endpoints[(pool.turn + step) % endpoints.length];
    if (endpoint === undefined || tried?.includes(endpoint) === true) continue;
    if (isEjected(endpoint.health)) {
      if (!isTrialDue(endpoint.health, nowNs)) continue;
      endpoint.health = healthOnTrial(endpoint.health, nowNs);
      return endpoint;
    }
    const isDown = endpoint.downUntilNs > nowNs;
    const isBetter =
      best === null ||
      (isBestDown && !isDown) ||
      (isBestDown === isDown && endpoint.outstanding < best.outstanding);
    if (isBetter) {
      best = endpoint;
      isBestDown = isDown;
    }
  }
  pool.turn = (pool.turn + 1) % Math.max(1, endpoints.length);
  return best;
}

/** Those that get no requests but for a trial. */
export function ejectedOf({ endpoints }: LivePool): readonly Endpoint[] {
  return endpoints.filter(({ health }) => isEjected(health));
}

export function markDown(endpoint: Endpoint, nowNs: bigint): void {
  endpoint.downUntilNs = nowNs + DOWN_NS;
}

/** Counts a failure; whether `mayEmpty` is said by who knows of a pool that serves instead. */
export function failEndpoint(
  { endpoints }: LivePool,
  endpoint: Endpoint,
  { mayEmpty, nowNs }: { readonly mayEmpty: boolean; readonly nowNs: bigint },
): void {
  const others = endpoints.filter((other) => other !== endpoint).map(({ health }) => health);
  endpoint.health = healthAfterFailure(endpoint.health, { others, mayEmpty }, nowNs);
}

export function closePool(pool: LivePool): void {
  for (const endpoint of pool.endpoints) closeEndpoint(endpoint);
  pool.endpoints = [];
}

function closeEndpoint(endpoint: Endpoint): void {
  // Lets its requests end; tunnels are not among them any more.
  if (!endpoint.upstream.closed) void endpoint.upstream.close();
}

function connected(wanted: RoutedPool['endpoints'][number]): Endpoint {
  return {
    ...wanted,
    upstream: connectTo(wanted),
    outstanding: 0,
    downUntilNs: 0n,
    health: HEALTHY,
    answers: null,
  };
}

function connectTo(endpoint: RoutedPool['endpoints'][number]): Pool {
  const host = isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host;
  return new Pool(`http://${host}:${endpoint.port}`, {
    connections: CONNECTIONS_PER_ENDPOINT_MAX,
    pipelining: 1,
    maxHeaderSize: HEAD_BYTES_MAX,
    connect: readByCopy({ timeoutMs: CONNECT_TIMEOUT_MS }),
    keepAliveTimeout: IDLE_CONNECTION_MS,
    // The edge's own tick watches over late answers; a stream may be silent for as long as it likes.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
