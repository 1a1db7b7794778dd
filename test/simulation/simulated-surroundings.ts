/** The world around the controllers of a run: instances, balancer, probes, and clients that ask. */
import type { PoolId } from '../../src/core/model/ids.ts';
import type { Plan, PlannedService } from '../../src/core/plan/plan.ts';
import type { SimulatedAnswer } from '../../src/drivers/balancer/simulated/simulated-answer.ts';
import type { SimulatedBehaviour } from '../../src/drivers/balancer/simulated/simulated-requests.ts';
import {
  createSimulatedBalancerWorld,
  type SimulatedBalancerWorld,
} from '../../src/drivers/balancer/simulated/simulated-world.ts';
import type {
  DriverContext,
  ProbeResult,
  ProbeSubject,
  Target,
} from '../../src/drivers/contract.ts';
import { simulatedTargetOf } from '../../src/drivers/target/simulated/simulated-target.ts';
import {
  createSimulatedWorld,
  type SimulatedWorld,
} from '../../src/drivers/target/simulated/simulated-world.ts';
import { createSimulatedProcess } from './simulated-process.ts';
import type { ReleaseBehaviour } from './scenario.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

export interface SimulatedSurroundings {
  readonly target: Target;
  /** Answers a probe at once. */
  readonly probe: (subject: ProbeSubject, context: DriverContext) => ProbeResult;
  /** Whether a process has passed a probe. */
  hasPassed(pid: number): boolean;
  readonly pools: SimulatedWorld;
  readonly routing: SimulatedBalancerWorld;
  /** Brings the balancer to the time of the run, and its clients, who have asked meanwhile. */
  sync(): void;
  /** Clients send requests at once. */
  send(count: number): void;
  /** Requests of clients that the candidate was sent so far. */
  asked(): number;
  /** Copies of requests that it was sent, and those of requests that may change something. */
  copied(): { readonly all: number; readonly unsafe: number };
  /** Requests of clients that it has answered badly so far, whether or not they noticed. */
  harm(): number;
  /** How many requests of clients each release was sent, by second; empty where nobody compares. */
  sent(): readonly SentInSecond[];
  /** The statuses that clients got since this was last asked. */
  takeAnswers(): readonly number[];
}

export interface SentInSecond {
  readonly second: number;
  candidate: number;
  stable: number;
}

export function createSimulatedSurroundings(options: {
  readonly time: VirtualTime;
  readonly plan: Plan;
  readonly release: ReleaseBehaviour;
  readonly weather: Weather;
  /** By which each request is drawn for a pool. */
  readonly seed: number;
  /** A client was told that what it asked for is done. */
  readonly onServed: () => void;
  /** The candidate changes the schema of its data by itself. */
  readonly onAlter: () => void;
}): SimulatedSurroundings {
  const { time, plan, release, weather, seed } = options;
  const pools = createSimulatedWorld();
  const routing = createSimulatedBalancerWorld({ trusts: true, seed });
  // Agents of the data plane live on when controllers die.
  const { clock } = createSimulatedProcess(time, () => 0);
  // Of several it is the release of the last one, which the others come before.
  const tried = plan.services.at(-1) ?? plan.services[0];
  const { candidate, scope, rollout } = tried;
  if (release === 'exits' || release === 'never-accepts') {
    pools.releases.set(candidate.release.version, release);
  }
  const isAccepting = (pool: PoolId): boolean =>
    pools.pools.get(pool)?.instances.some(({ state }) => state === 'accepting') ?? false;
  const sentBySecond: SentInSecond[] = [];
  /** Of each request where it was sent first: what the stable pool takes over is compared by nobody. */
  let isCounted = false;
  const countSent = (pool: PoolId): void => {
    if (isCounted) return;
    isCounted = true;
    const second = Math.floor(routing.nowMs() / 1_000);
    let last = sentBySecond.at(-1);
    if (last?.second !== second) sentBySecond.push((last = { second, candidate: 0, stable: 0 }));
    last[pool === candidate.pool ? 'candidate' : 'stable'] += 1;
  };
  const behave = (pool: PoolId, answer: SimulatedBehaviour): void =>
    routing.behave(pool, (request, instance, isUnsafe) => {
      if (isJudgedBeside && instance !== null) countSent(pool);
      const given = answer(request, instance, isUnsafe);
      if (!isAccepting(pool)) return { kind: 'refused' };
      if (!isCompared || given.kind !== 'answer' || given.json !== undefined) return given;
      return { ...given, json: pageOf(request, 'News') };
    });
  // What nobody compares need not be made.
  const isCompared = rollout.mirror !== undefined;
  const isJudgedBeside = rollout.compare.length > 0;
  const fine = isJudgedBeside ? unevenAnswer : (): typeof FINE => FINE;
  for (const service of plan.services) {
    const { stable, baseline } = service;
    for (const pool of [stable, baseline, service.candidate]) {
      if (pool) behave(pool.pool, fine);
    }
  }
  let asked = 0;
  let harm = 0;
  const copied = { all: 0, unsafe: 0 };
  behave(candidate.pool, (request, instance, isUnsafe) => {
    const weight = (): number => routing.observe(scope)?.weights[candidate.pool] ?? 0;
    const good = fine(request);
    const answer = answerOf(release, { request, weight, good });
    if (instance === null) {
      copied.all += 1;
      if (isUnsafe) copied.unsafe += 1;
    } else {
      asked += 1;
      if (release === 'alters-schema') options.onAlter();
      if (answer !== good && isAccepting(candidate.pool)) harm += 1;
    }
    return answer;
  });
  const answers: number[] = [];
  const passed = new Set<number>();
  const probe = probeOf(options, routing, isAccepting);
  let sent = 0;
  /** Where requests are copied some are such that must not be. */
  const sendAll = (count: number): readonly number[] =>
    Array.from({ length: count }, () => {
      isCounted = false;
      sent += 1;
      const isUnsafe = isCompared && sent % UNSAFE_EVERY === 0;
      const { status } = routing.ask(scope, { isUnsafe });
      if (status === FINE.status) options.onServed();
      return status;
    });
  const send = (count: number): void => {
    if (weather.is('clients-silent')) return;
    // Whoever asks for a first release before it is there, or behind it, is told so.
    const isThere = tried.stable !== null || routing.inForce(scope)?.routing.pools.length;
    for (const status of sendAll(count)) if (isThere) answers.push(status);
    for (const other of plan.services.slice(0, -1))
      answers.push(...routing.send(other.scope, count));
  };
  let askedMs = 0;
  const requestsMax = isJudgedBeside ? REQUESTS_MAX_BESIDE : REQUESTS_MAX;
  const sync = (): void => {
    const nowMs = time.nowMs();
    const lastMs = Math.min(nowMs, askedMs + requestsMax * REQUEST_EVERY_MS);
    for (; askedMs + REQUEST_EVERY_MS <= lastMs; askedMs += REQUEST_EVERY_MS) {
      routing.advance(Math.max(0, askedMs + REQUEST_EVERY_MS - routing.nowMs()));
      send(1);
    }
    routing.advance(Math.max(0, nowMs - routing.nowMs()));
    if (lastMs < nowMs) askedMs = nowMs;
  };
  return {
    target: simulatedTargetOf(pools, clock),
    probe(subject, context) {
      const result = probe(subject, context);
      if (!result.ok) return result;
      for (const { instances } of pools.pools.values()) {
        for (const { port, pid } of instances) {
          if (port === subject.port && pid !== null) passed.add(pid);
        }
      }
      return result;
    },
    hasPassed: (pid) => passed.has(pid),
    pools,
    routing,
    sync,
    send(count) {
      sync();
      send(count);
    },
    asked: () => asked,
    copied: () => copied,
    harm: () => harm,
    sent: () => sentBySecond,
    takeAnswers: () => (answers.length === 0 ? NO_ANSWERS : answers.splice(0)),
  };
}

const REQUEST_EVERY_MS = 20;
/** While nobody does anything for long, the later of the clients find what the earlier ones found. */
const REQUESTS_MAX = 8;
/** Evidence is a matter of what comes, also while nobody looks: for longer than a lease of these plans. */
const REQUESTS_MAX_BESIDE = 150;

/** Of the requests where some are copied. */
const UNSAFE_EVERY = 4;

const NO_ANSWERS: readonly number[] = [];

const FINE = { kind: 'answer', status: 200, latencyUs: 1_000 } as const;

/** Where times are compared no two of them in a row are the same: 1 to 6 ms. */
function unevenAnswer(request: number): SimulatedAnswer & { readonly kind: 'answer' } {
  return { ...FINE, latencyUs: 1_000 + ((request * 7) % 11) * 500 };
}

/** Beyond what a good release takes, within every limit. */
const SLOWER_US = 20_000;
/** One in so many fails. */
const FAILS_EVERY = 4;
/** One in so many is answered by what hangs. */
const ANSWERS_EVERY = 3;

/** Two answers of even the same release differ: in what counts requests. */
function pageOf(request: number, title: string | number): string {
  return JSON.stringify({ request, title });
}

function answerOf(
  release: ReleaseBehaviour,
  {
    request,
    weight,
    good,
  }: {
    readonly request: number;
    readonly weight: () => number;
    readonly good: SimulatedAnswer & { readonly kind: 'answer' };
  },
): SimulatedAnswer {
  const failed = { ...FINE, status: 500 };
  switch (release) {
    case 'errors':
      return failed;
    case 'errors-at-all-traffic':
      return weight() === 100 ? failed : good;
    case 'errors-once':
      return request === 3 ? failed : good;
    case 'fails-more':
      return request % FAILS_EVERY === 0 ? failed : good;
    case 'differs':
      return { ...FINE, json: pageOf(request, 404) };
    case 'slow':
      return { ...FINE, latencyUs: 5_000_000 };
    case 'hangs':
      return request % ANSWERS_EVERY === 0 ? good : { kind: 'hangs' };
    case 'slower':
      return { ...good, latencyUs: good.latencyUs + SLOWER_US };
    case 'good':
    case 'exits':
    case 'never-accepts':
    case 'fails-probes':
    case 'migration-fails':
    case 'loses-rows':
    case 'locks-long':
    case 'breaks-old-code':
    case 'alters-schema':
      return good;
  }
}

/** Answers for whatever is asked: an instance by its port, the service by whom it is routed to. */
function probeOf(
  { release, plan, weather }: Parameters<typeof createSimulatedSurroundings>[0],
  routing: SimulatedBalancerWorld,
  isAccepting: (pool: PoolId) => boolean,
): SimulatedSurroundings['probe'] {
  let asked = 0;
  return ({ release: wanted, port }) => {
    asked += 1;
    const isOf = ({ release: own, stable }: PlannedService): boolean =>
      own.version === wanted.version || stable?.release.version === wanted.version;
    const service = plan.services.find(isOf) ?? plan.services[0];
    const isCandidate = wanted.version === service.release.version;
    const pool = isCandidate ? service.candidate.pool : service.stable?.pool;
    const isService = port === service.balancer.listen.port;
    const share = isService && pool ? (routing.observe(service.scope)?.weights[pool] ?? 0) : 100;
    const isBad =
      (isCandidate && service === plan.services.at(-1) && release === 'fails-probes') ||
      (weather.is('probes-flap') && asked % 2 === 0);
    // The service is asked when one pool has all traffic, and another that answers is not the wanted one.
    const ok = pool !== undefined && share === 100 && isAccepting(pool) && !isBad;
    return { ok, observed: ok ? 'fine' : 'refused', expected: 'fine', durationMs: 1 };
  };
}
