/**
 * Rounds of deployments that are all judged at the same time and then turn bad one after the other.
 * In half of the rounds PostgreSQL is stopped in between, and started when every candidate is at 0.
 */
import { scopeOf } from '../../../src/core/model/ids.ts';
import { planDeployment } from '../../../src/engine/plan-deployment.ts';
import { askDeployment } from '../../../src/engine/ask-deployment.ts';
import { startDeployment } from '../../../src/engine/start-deployment.ts';
import type { Engine } from '../../../src/engine/start-engine.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { untilReachable } from '../../../src/store/database.ts';
import type { DeploymentRecord } from '../../../src/store/deployment-store.ts';
import type { BenchPlace } from '../bench-place.ts';
import { candidateVersion, wishOf, type Lane } from './lane.ts';
import type { StandIn } from './start-stand-in.ts';

export interface Revert {
  readonly lane: Lane;
  /** From the decision until the candidate's weight was 0. */
  readonly decisionToZeroMs: number;
  /** From the upstream's turning bad, or the request to abort, until then. */
  readonly badToZeroMs: number;
}

export interface RevertBench {
  readonly engine: Engine;
  readonly place: BenchPlace;
  readonly standIn: StandIn;
}

/** Between two candidates' turning bad, so that one revert does not wait for another. */
const STAGGER_MS = 75;
const POLL_MS = 20;
const WAIT_MS_MAX = 60_000;
const ACTOR = 'bench';

/** Every lane once, with PostgreSQL there. */
export async function revertOnce(
  bench: RevertBench,
  lanes: readonly Lane[],
): Promise<readonly Revert[]> {
  const running = await startJudged(bench, lanes);
  const turned = await turnBad(bench, running);
  return collect(bench, turned);
}

/** Every lane once, with PostgreSQL stopped from before the decision until after the weight is 0. */
export async function revertWithoutDatabase(
  bench: RevertBench,
  lanes: readonly Lane[],
): Promise<readonly Revert[]> {
  const { place } = bench;
  const running = await startJudged(bench, lanes);
  await place.stopPostgres();
  const goneNs = process.hrtime.bigint();
  const turned = await turnBad(bench, running);
  for (const { lane } of turned) await until(() => isAtZero(bench, lane));
  const backNs = process.hrtime.bigint();
  await place.startPostgres();
  const reverts = await collect(bench, turned);
  for (const { decidedAtNs, zeroAtNs, lane } of reverts) {
    if (decidedAtNs < goneNs || zeroAtNs > backNs) {
      throw new Error(`${lane.service} was not reverted while PostgreSQL was away.`);
    }
  }
  return reverts;
}

interface Running {
  readonly lane: Lane;
  readonly deployment: number;
}

interface Turned extends Running {
  readonly turnedNs: bigint;
}

/** Resolves when the gate of every lane has looked at its traffic. */
async function startJudged(
  { engine }: RevertBench,
  lanes: readonly Lane[],
): Promise<readonly Running[]> {
  const judged = new Set<number>();
  const stop = engine.progress.subscribe(({ deployment, step }) => {
    if (step.startsWith('judge-')) judged.add(deployment);
  });
  const running: Running[] = [];
  for (const lane of lanes) {
    running.push({ lane, deployment: await startOn(engine, lane, candidateVersion) });
  }
  await until(() => running.every(({ deployment }) => judged.has(deployment)));
  stop();
  return running;
}

export async function startOn(engine: Engine, lane: Lane, version: string): Promise<number> {
  const prepared = await planDeployment(engine, wishOf(lane, version));
  await startDeployment(engine, prepared, { actor: ACTOR, reason: '' });
  return prepared.plan.deployment;
}

async function turnBad(
  { engine, standIn }: RevertBench,
  running: readonly Running[],
): Promise<readonly Turned[]> {
  const turned: Turned[] = [];
  for (const each of running) {
    if (each.lane.kind === 'abort') {
      turned.push({ ...each, turnedNs: process.hrtime.bigint() });
      await askDeployment(engine, each.deployment, {
        kind: 'abort',
        actor: ACTOR,
        reason: 'bench',
      });
    } else {
      turned.push({ ...each, turnedNs: await standIn.behave(each.lane.candidatePort, true) });
    }
    await systemClock.sleep(STAGGER_MS);
  }
  return turned;
}

interface TimedRevert extends Revert {
  readonly decidedAtNs: bigint;
  readonly zeroAtNs: bigint;
}

async function collect(
  bench: RevertBench,
  turned: readonly Turned[],
): Promise<readonly TimedRevert[]> {
  const reverts: TimedRevert[] = [];
  for (const { lane, deployment, turnedNs } of turned) {
    const { status, state, summary } = await untilEnded(bench.engine, deployment);
    const decided = state.cause?.decidedAtNs;
    if (status !== 'reverted' || !decided || state.zeroAtNs === null) {
      throw new Error(`${lane.service} (${lane.kind}): ${JSON.stringify({ status, summary })}`);
    }
    const [decidedAtNs, zeroAtNs] = [BigInt(decided), BigInt(state.zeroAtNs)];
    reverts.push({
      lane,
      decidedAtNs,
      zeroAtNs,
      decisionToZeroMs: Number(zeroAtNs - decidedAtNs) / 1e6,
      badToZeroMs: Number(zeroAtNs - turnedNs) / 1e6,
    });
    await bench.standIn.behave(lane.candidatePort, false);
  }
  return reverts;
}

export async function untilEnded(engine: Engine, deployment: number): Promise<DeploymentRecord> {
  for (;;) {
    const record = await untilReachable(() => engine.store.findDeployment(deployment), engine);
    if (!record) throw new Error(`Deployment ${deployment} is not recorded.`);
    if (record.status !== 'running') return record;
    await systemClock.sleep(POLL_MS);
  }
}

/** As the edge itself reads it back. */
async function isAtZero({ engine }: RevertBench, lane: Lane): Promise<boolean> {
  const wish = wishOf(lane, candidateVersion);
  const { balancer } = engine.connectDrivers(wish.services[0]);
  const signal = AbortSignal.timeout(WAIT_MS_MAX);
  const observation = await balancer.observe(scopeOf(wish.environment, lane.service), { signal });
  const stable = observation?.routing.stable ?? null;
  return stable !== null && observation?.weights[stable] === 100;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const limitNs = process.hrtime.bigint() + BigInt(WAIT_MS_MAX) * 1_000_000n;
  while (!(await isTrue())) {
    if (process.hrtime.bigint() > limitNs) throw new Error('A wait of the bench did not end.');
    await systemClock.sleep(POLL_MS);
  }
}
