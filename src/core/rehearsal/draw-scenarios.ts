/** What may happen to a plan, drawn: half of the releases are healthy, and half of all meet with mishaps. */
import { invariant } from '../invariant.ts';
import type { Plan } from '../plan/plan.ts';
import { badConducts, healthy } from '../traffic-model/conduct.ts';
import type { Draws } from '../traffic-model/draws.ts';
import { quickDraws } from '../traffic-model/quick-draws.ts';
import { assumedTimes } from './assumed-times.ts';
import { mishapKinds, type Mishap, type MishapKind } from './mishap.ts';
import type { Scenario } from './scenario.ts';

/** Of the shares of all runs: none, one, or two at once. */
const WITHOUT_MISHAP = 0.5;
const WITH_ONE = 0.85;

/** `aboutMs`: how long the plan takes when nothing happens; that is when something does. */
export function drawScenarios(
  plan: Plan,
  given: { readonly runs: number; readonly seed: number; readonly aboutMs: number },
): readonly Scenario[] {
  const draws = quickDraws(given.seed);
  return Array.from({ length: given.runs }, (_, run) => ({
    conduct: draws.uniform() < 0.5 ? healthy : oneOf(draws, badConducts),
    mishaps: drawMishaps(plan, draws, given.aboutMs),
    // Far from each other: the next seed of the whole is none of this one's.
    seed: given.seed * 1_000_003 + run,
  }));
}

function drawMishaps(plan: Plan, draws: Draws, aboutMs: number): readonly Mishap[] {
  const chance = draws.uniform();
  const count = chance < WITHOUT_MISHAP ? 0 : chance < WITH_ONE ? 1 : 2;
  return Array.from({ length: count }, () => {
    const kind = oneOf(draws, mishapKinds);
    const atMs = Math.round(draws.uniform() * aboutMs);
    return { kind, atMs, untilMs: atMs + lastsMs(plan, draws, kind) };
  });
}

function lastsMs({ services: [{ rollout }] }: Plan, draws: Draws, kind: MishapKind): number {
  switch (kind) {
    case 'answer-lost':
    case 'instance-exits':
    case 'aborted':
      return 0;
    case 'server-killed':
      return assumedTimes.serverBackMs;
    case 'database-away':
      // From a part of a lease to several.
      return between(draws, rollout.leaseTtlMs / 4, rollout.leaseTtlMs * 4);
    case 'balancer-away':
    case 'target-away':
      return between(draws, 1_000, 240_000);
    case 'shared-trouble':
      return between(draws, 10_000, 300_000);
  }
}

/** Twice as long is as likely as half as long. */
function between(draws: Draws, least: number, most: number): number {
  return Math.round(least * (most / least) ** draws.uniform());
}

function oneOf<Value>(draws: Draws, values: readonly Value[]): Value {
  const drawn = values[Math.floor(draws.uniform() * values.length)];
  invariant(drawn !== undefined, 'there is something to draw from');
  return drawn;
}
