/**
 * Which requests that wait for a candidate the stable pool is asked for as well: those that wait for
 * longer than it takes itself, route by route, up to a share of all.
 */
import { countIn, sparseOf, type GrowingHistogram } from '../core/model/histogram.ts';
import type { HedgeReport } from '../core/model/traffic-report.ts';
import { routeOf } from '../core/mirror/route-of.ts';
import { hedgeDeadlineUs } from '../core/routing/hedge-deadline.ts';
import type { RoutingState } from '../core/routing/routing-state.ts';
import type { Attempt } from './attempt.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { leasedPair } from './leased-pair.ts';
import type { LivePool } from './live-pool.ts';

/** The route that was asked longest ago is forgotten for one more. */
const ROUTES_MAX = 500;
/** Of a route; when they are reached all count half, so that what was usual once is forgotten. */
const ANSWERS_MAX = 2_000;
const LEARNED_EVERY = 50;
/** A burst of late requests may use what the quiet time before it has left. */
const CREDIT_MAX = 100;

interface Route {
  counts: GrowingHistogram;
  answers: number;
  deadlineNs: bigint | null;
}

interface Hedged {
  readonly candidate: LivePool;
  readonly stable: LivePool;
  readonly percent: number;
}

export class Hedging {
  private readonly hedged: Hedged;
  private readonly routes = new Map<string, Route>();
  private readonly told = { sent: 0, won: 0, withheld: 0 };
  private credit = 0;

  constructor(hedged: Hedged) {
    this.hedged = hedged;
  }

  isOf({ candidate, stable, percent }: Hedged): boolean {
    const { hedged } = this;
    return hedged.candidate === candidate && hedged.stable === stable && hedged.percent === percent;
  }

  report(): HedgeReport {
    return { ...this.told };
  }

  /** A request goes to a pool: at the candidate it is late after the time that its route has. */
  sent(attempt: Attempt, { isSafe, upgrade, outgoing }: ExchangeRequest): void {
    const { candidate, percent } = this.hedged;
    if (attempt.pool !== candidate || !isSafe || upgrade !== null) return;
    this.credit = Math.min(CREDIT_MAX, this.credit + percent / 100);
    attempt.lateAfterNs =
      this.routes.get(routeOf(outgoing.method, outgoing.path))?.deadlineNs ?? null;
  }

  /** The stable pool's answers say what is usual. */
  answered(attempt: Attempt, { isSafe, outgoing }: ExchangeRequest, nowNs: bigint): void {
    if (attempt.pool !== this.hedged.stable || !attempt.isSample || !isSafe) return;
    const name = routeOf(outgoing.method, outgoing.path);
    const route: Route = this.routes.get(name) ?? {
      counts: new Map(),
      answers: 0,
      deadlineNs: null,
    };
    this.routes.delete(name);
    this.routes.set(name, route);
    const [oldest] = this.routes.keys();
    if (this.routes.size > ROUTES_MAX && oldest !== undefined) this.routes.delete(oldest);
    countIn(route.counts, Number(nowNs - attempt.waitingSinceNs) / 1e3);
    route.answers += 1;
    if (route.answers % LEARNED_EVERY === 0) learn(route);
  }

  won(): void {
    this.told.won += 1;
  }

  /** Tells the owners of late requests, as far as the share goes. */
  tick(nowNs: bigint): void {
    let attempt = this.hedged.candidate.waiting.first;
    while (attempt !== null) {
      const { next, lateAfterNs } = attempt;
      if (lateAfterNs !== null && nowNs - attempt.waitingSinceNs >= lateAfterNs) {
        attempt.lateAfterNs = null;
        this.hedge(attempt);
      }
      attempt = next;
    }
  }

  private hedge(attempt: Attempt): void {
    if (this.credit < 1) this.told.withheld += 1;
    else if (attempt.owner.hedge(attempt)) {
      this.credit -= 1;
      this.told.sent += 1;
    }
  }
}

/** Under this state; the one before goes on while nothing of it has changed. */
export function hedgingUnder(
  state: RoutingState,
  pools: ReadonlyMap<string, LivePool>,
  before: Hedging | null,
): Hedging | null {
  const pair = leasedPair(state, pools);
  if (!pair?.lease.hedgePercent) return null;
  const hedged = { ...pair, percent: pair.lease.hedgePercent };
  return before?.isOf(hedged) === true ? before : new Hedging(hedged);
}

function learn(route: Route): void {
  const latency = sparseOf(route.counts);
  const deadlineUs = hedgeDeadlineUs(latency);
  route.deadlineNs = deadlineUs === null ? null : BigInt(Math.ceil(deadlineUs * 1e3));
  if (route.answers < ANSWERS_MAX) return;
  route.counts = new Map(
    latency.flatMap(([bucket, count]) => (count > 1 ? [[bucket, count >> 1] as const] : [])),
  );
  route.answers = 0;
}
