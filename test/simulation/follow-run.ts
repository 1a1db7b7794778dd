/**
 * A run that is told rather than judged: what was routed and alive at every moment, what was recorded
 * when, and which call belonged to which step. For scenarios that say themselves what must hold.
 */
import type { AuditBody } from '../../src/core/audit/audit-entry.ts';
import type { FencingToken } from '../../src/core/model/fencing-token.ts';
import type { PoolId } from '../../src/core/model/ids.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import { carryOutRun } from './carry-out-run.ts';
import type { Fault, PlannedFault, StruckFault } from './fault.ts';
import { courseOf, eventLoopTurn } from './run-course.ts';
import type { Violation } from './sight.ts';
import type { ReleaseBehaviour, Scenario } from './scenario.ts';
import { startSimulatedRun, type RunParts, type SimulatedRun } from './simulated-run.ts';

/** Strikes a call of a step: the first that is named so, or any. */
export interface PlacedFault {
  readonly fault: Fault;
  readonly step: string;
  readonly call?: string;
  /** How many such calls come before. */
  readonly after?: number;
}

/** What happens once, as soon as it can. */
export interface Intervention {
  readonly when: (now: Moment) => boolean;
  readonly act: (parts: RunParts) => void;
}

export interface Story {
  readonly seed?: number;
  readonly release?: ReleaseBehaviour;
  /** Each is placed in the run that the ones before it have led to. */
  readonly faults?: readonly (PlacedFault | PlannedFault)[];
  readonly interventions?: readonly Intervention[];
}

/** What is so from now on, until the next moment. */
export interface Moment {
  readonly atMs: number;
  /** The step under way; empty before the first. */
  readonly step: string;
  readonly token: FencingToken;
  readonly weights: { readonly stable: number; readonly candidate: number };
  /** Accepting instances. */
  readonly accepting: { readonly stable: number; readonly candidate: number };
}

export interface Told {
  readonly atMs: number;
  readonly body: AuditBody;
}

export interface FollowedRun {
  readonly status: string;
  readonly endedMs: number;
  readonly moments: readonly Moment[];
  /** What the audit log says of the deployment. */
  readonly audit: readonly Told[];
  readonly calls: readonly { readonly name: string; readonly step: string }[];
  readonly struck: readonly StruckFault[];
  /** What the observer objected to; null where something was done that it knows nothing of. */
  readonly violations: readonly Violation[] | null;
  readonly parts: RunParts;
}

/** Some stories are about an hour and more without anybody. */
const LIMIT_MS = 3 * 3_600_000;

/** Throws when a fault has struck nothing, or when an intervention never came. */
export async function followRun(plan: Plan, story: Story): Promise<FollowedRun> {
  const { seed = 1, release = 'good', interventions = [] } = story;
  const faults: PlannedFault[] = [];
  for (const placed of story.faults ?? []) {
    if ('at' in placed) faults.push(placed);
    else faults.push(await place(plan, { seed, release, faults }, interventions, placed));
  }
  const scenario = { seed, release, faults };
  const { run, acted } = await follow(plan, scenario, interventions);
  const idle = run.struck.find(({ hadEffect }) => !hadEffect);
  if (run.struck.length < faults.length || idle) {
    throw new Error(
      `A fault has struck nothing: ${JSON.stringify({ faults, struck: run.struck })}`,
    );
  }
  if (acted < interventions.length) throw new Error(`Intervention ${acted} never came.`);
  if (interventions.length > 0) return run;
  return { ...run, violations: (await carryOutRun(plan, scenario)).violations };
}

async function place(
  plan: Plan,
  scenario: Scenario,
  interventions: readonly Intervention[],
  { fault, step, call, after = 0 }: PlacedFault,
): Promise<PlannedFault> {
  const { run } = await follow(plan, scenario, interventions);
  const places = run.calls.flatMap((made, at) =>
    made.step === step && (call === undefined || made.name === call) ? [at] : [],
  );
  const at = places[after];
  if (at === undefined) throw new Error(`There is no call ${call ?? ''} ${after} in ${step}.`);
  return { fault, at };
}

async function follow(
  plan: Plan,
  scenario: Scenario,
  interventions: readonly Intervention[],
): Promise<{ readonly run: FollowedRun; readonly acted: number }> {
  const run = await startSimulatedRun(plan, scenario);
  const { store, parts } = run;
  const moments: Moment[] = [];
  const course = courseOf(run, LIMIT_MS);
  let acted = 0;
  do {
    await eventLoopTurn();
    const now = momentOf(run);
    if (hasChanged(moments.at(-1), now)) moments.push(now);
    const next = interventions[acted];
    if (next?.when(now)) {
      acted += 1;
      next.act(parts);
    }
  } while (course.advance());
  const audit = store.audit
    .filter(({ deployment }) => deployment === plan.deployment)
    .map(({ atMs, body }) => ({ atMs, body }));
  const followed = {
    status: store.statusOf(plan.deployment),
    endedMs: course.endedMs(),
    moments,
    audit,
    calls: run.calls.map((name, at) => ({ name, step: run.stepAt[at] ?? '' })),
    struck: run.struck,
    violations: null,
    parts,
  };
  return { run: followed, acted };
}

function momentOf({ plan, surroundings, store, nowMs }: SimulatedRun): Moment {
  surroundings.sync();
  const routed = surroundings.routing.observe(plan.services[0].scope);
  const stable = plan.services[0].stable?.pool;
  const candidate = plan.services[0].candidate.pool;
  const accepting = (pool: PoolId | undefined): number =>
    (pool && surroundings.pools.pools.get(pool)?.instances)?.filter(
      ({ state }) => state === 'accepting',
    ).length ?? 0;
  return {
    atMs: nowMs(),
    step: store.stepOf(plan.deployment),
    token: routed?.token ?? { deployment: 0, sequence: 0 },
    weights: {
      stable: (stable && routed?.weights[stable]) ?? 0,
      candidate: routed?.weights[candidate] ?? 0,
    },
    accepting: { stable: accepting(stable), candidate: accepting(candidate) },
  };
}

function hasChanged(before: Moment | undefined, now: Moment): boolean {
  const essence = ({ atMs: _at, ...rest }: Moment): string => JSON.stringify(rest);
  return before === undefined || essence(before) !== essence(now);
}
