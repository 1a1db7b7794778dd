/** Probes instances, or the service through its balancer, until each has passed often enough in a row. */
import { failureOf } from '../../core/failures.ts';
import type { InstanceObservation } from '../../core/model/pool.ts';
import type { PlannedPool, ProbingPolicy } from '../../core/plan/plan.ts';
import type { ProbeResult } from '../../drivers/contract.ts';
import { ok, type ActionContext, type ActionResult } from '../action-context.ts';
import { poll } from '../poll.ts';
import { fallbackResult } from './fallback-result.ts';
import { exitFailure } from './until-whole.ts';

interface Subject {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

interface Probing {
  readonly subjects: readonly Subject[];
  /** The pool that must answer; its release says with which probes. */
  readonly pool: PlannedPool;
  readonly policy: ProbingPolicy;
}

export async function probePool(
  context: ActionContext,
  pool: PlannedPool,
  policy: ProbingPolicy,
): Promise<ActionResult> {
  const observe = async (): Promise<readonly InstanceObservation[]> => {
    let instances: readonly InstanceObservation[] = [];
    // A target that is away for a moment is no failed attempt: those of a reprobe are few.
    await poll(context, async () => {
      const pools = await context.drivers.target.observe(context.service.scope, context);
      instances = pools.find((candidate) => candidate.pool === pool.pool)?.instances ?? [];
      return true;
    });
    context.signal.throwIfAborted();
    return instances;
  };
  const instances = await observe();
  if (instances.length !== pool.instances) {
    const message = `Pool ${pool.pool} has ${instances.length} of ${pool.instances} instances.`;
    return { kind: 'failed', failure: failureOf('capacity-missing', message) };
  }
  const subjects = instances.map(({ id, host, port }) => ({ name: id, host, port }));
  const result = await probeAll(context, { subjects, pool, policy }, async () => {
    const fallback = await fallbackEnd(context);
    if (fallback !== null || pool.restart === 'always') return fallback;
    const exited = (await observe()).find((instance) => instance.state === 'exited');
    if (!exited) return null;
    return { kind: 'failed', failure: exitFailure(exited, pool) };
  });
  if (result.kind === 'failed' || isStable(context, pool)) return result;
  // One that was started again answers well, too; what ended it will end it once more.
  const ended = (await observe()).find(({ unexpectedExits }) => unexpectedExits > 0);
  if (!ended) return result;
  const message = `Instance ${ended.id} has ended by itself ${ended.unexpectedExits} times since it was first started.`;
  return { kind: 'failed', failure: failureOf('instance-exited', message, { details: { ended } }) };
}

function isStable({ service }: ActionContext, { pool }: PlannedPool): boolean {
  return pool !== service.candidate.pool;
}

/** Whatever a probe still finds: without its traffic the candidate has lost. */
async function fallbackEnd(context: ActionContext): Promise<ActionResult | null> {
  if (!context.lease) return null;
  const { balancer } = context.drivers;
  const observed = await balancer.observe(context.service.scope, context).catch(() => null);
  return observed?.fallback ? fallbackResult(observed.fallback) : null;
}

export function probeService(
  context: ActionContext,
  pool: PlannedPool,
  policy: ProbingPolicy,
): Promise<ActionResult> {
  const { host, port } = context.service.balancer.listen;
  const subjects = [{ name: `${host}:${port}`, host, port }];
  return probeAll(context, { subjects, pool, policy }, async () => {
    // Another release answers from now on, and no further probe would find the right one.
    return fallbackEnd(context);
  });
}

async function probeAll(
  context: ActionContext,
  { subjects, pool, policy }: Probing,
  /** Why no further round can help; null when one may. */
  findEnd: () => Promise<ActionResult | null>,
): Promise<ActionResult> {
  const { drivers } = context;
  const probes = isStable(context, pool) ? drivers.probesBefore : drivers.probes;
  const pairs = subjects.flatMap(({ name, host, port }) =>
    probes.map((of) => ({ ...of, host, port, tally: newTally(`Probe ${of.name} of ${name}`) })),
  );
  const tallies = pairs.map(({ tally }) => tally);
  let rounds = 0;
  let slowestMs = 0;
  while (!context.signal.aborted) {
    const results = await Promise.all(
      pairs.map(async ({ probe, host, port, tally }) => {
        const result = await probe.run({ host, port, release: pool.release }, context);
        return { tally, result };
      }),
    ).catch((error: unknown) => {
      if (context.signal.aborted) return null;
      throw error;
    });
    if (!results) break;
    rounds += 1;
    for (const { tally, result } of results) {
      count(tally, result);
      slowestMs = Math.max(slowestMs, result.durationMs);
    }
    if (tallies.every(({ streak }) => streak >= policy.consecutive)) {
      return ok(
        `${pairs.length === 1 ? '1 probe' : `${pairs.length} probes`} passed ${policy.consecutive} times in a row, the slowest in ${Math.round(slowestMs)} ms.`,
        { details: { rounds, probes: probes.map(({ name }) => name) } },
      );
    }
    const ended = await findEnd();
    if (ended) return ended;
    await context.clock.sleep(policy.intervalMs, context.signal).catch(() => undefined);
  }
  const within = `${rounds} rounds in ${context.command.deadlineMs} ms`;
  const message =
    failingSentence(tallies, { rounds, within, needed: policy.consecutive }) ??
    `Not ${policy.consecutive} passes in a row: ${within}.`;
  return { kind: 'failed', failure: failureOf('probe-failed', message) };
}

/** What one probe found at one subject so far. */
interface ProbeTally {
  readonly of: string;
  passed: number;
  streak: number;
  longest: number;
  lastFailed: ProbeResult | null;
}

function newTally(of: string): ProbeTally {
  return { of, passed: 0, streak: 0, longest: 0, lastFailed: null };
}

function count(tally: ProbeTally, result: ProbeResult): void {
  tally.streak = result.ok ? tally.streak + 1 : 0;
  tally.passed += result.ok ? 1 : 0;
  tally.longest = Math.max(tally.longest, tally.streak);
  if (!result.ok) tally.lastFailed = result;
}

/** Of the one that was furthest from passing; null when none has failed. */
function failingSentence(
  tallies: readonly ProbeTally[],
  {
    rounds,
    within,
    needed,
  }: { readonly rounds: number; readonly within: string; readonly needed: number },
): string | null {
  const [worst] = tallies
    .filter(({ lastFailed }) => lastFailed !== null)
    .toSorted((left, right) => left.longest - right.longest);
  if (!worst?.lastFailed) return null;
  const { of, passed, longest } = worst;
  const { observed, expected } = worst.lastFailed;
  if (passed === 0) return `${of}: observed ${observed}; expected ${expected}; ${within}.`;
  const best =
    longest < needed
      ? `at most ${longest} of the ${needed} in a row that are needed`
      : 'never with all others at the same time';
  return `${of} passed ${passed} of ${rounds} times, ${best}; last it observed ${observed}; expected ${expected}; ${within}.`;
}
