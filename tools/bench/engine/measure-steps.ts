/**
 * What the engine adds to a step: the time from one step's begin to the next one's, less the time in
 * drivers. Beside it, in turns, what the same machine needs for a bare durable step and for a
 * transaction, since figures of one run alone say little on a busy machine.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { sql } from 'kysely';
import { planDeployment } from '../../../src/engine/plan-deployment.ts';
import { startDeployment } from '../../../src/engine/start-deployment.ts';
import type { Engine } from '../../../src/engine/start-engine.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import type { BenchPlace } from '../bench-place.ts';
import { benchWish } from '../bench-wish.ts';
import { startBenchEngine } from '../start-bench-engine.ts';
import { createFreeDrivers, type FreeDrivers } from './free-drivers.ts';

const END_POLL_MS = 5;
/** Connections, statements and compiled code are as they will be after the first few. */
const WARM_UP_DEPLOYMENTS = 3;

export interface StepTimes {
  readonly overheadMs: readonly number[];
  readonly bareStepMs: readonly number[];
  readonly emptyTransactionMs: readonly number[];
  readonly smallCommitMs: readonly number[];
  readonly deployments: number;
}

interface Mark {
  readonly atNs: bigint;
  readonly spentNs: bigint;
}

interface Lane {
  readonly engine: Engine;
  readonly marks: Mark[];
  readonly bareSteps: (count: number) => Promise<readonly number[]>;
}

export async function measureSteps(place: BenchPlace, stepsMin: number): Promise<StepTimes> {
  const lane = await openLane(place);
  const { database } = openDatabase(place.connectionString);
  await sql`create table bench_rows (value integer)`.execute(database);
  await sql`insert into bench_rows values (0)`.execute(database);
  const times = { overhead: [], bareStep: [], empty: [], commit: [] } as Record<string, number[]>;
  let deployments = 0;
  for (let number = 1; (times['overhead']?.length ?? 0) < stepsMin; number += 1) {
    const overheads = await deployOnce(lane, number);
    const count = overheads.length;
    const bare = await lane.bareSteps(count);
    const empty = await repeated(count, () => transact(database, false));
    const commit = await repeated(count, () => transact(database, true));
    if (number <= WARM_UP_DEPLOYMENTS) continue;
    deployments += 1;
    times['overhead']?.push(...overheads);
    times['bareStep']?.push(...bare);
    times['empty']?.push(...empty);
    times['commit']?.push(...commit);
  }
  return {
    overheadMs: times['overhead'] ?? [],
    bareStepMs: times['bareStep'] ?? [],
    emptyTransactionMs: times['empty'] ?? [],
    smallCommitMs: times['commit'] ?? [],
    deployments,
  };
}

async function openLane(place: BenchPlace): Promise<Lane> {
  const marks: Mark[] = [];
  const drivers: FreeDrivers = createFreeDrivers(() => {
    marks.push({ atNs: process.hrtime.bigint(), spentNs: drivers.spentNs() });
  });
  const workflow = DBOS.registerWorkflow(runBareSteps, { name: 'benchBareSteps' });
  const engine = await startBenchEngine(place, drivers.connect);
  return {
    engine,
    marks,
    bareSteps: async (count) => (await DBOS.startWorkflow(workflow)(count)).getResult(),
  };
}

/** Steps that do nothing: what the durable engine itself takes to keep one. */
async function runBareSteps(count: number): Promise<readonly number[]> {
  const startsNs: bigint[] = [];
  for (let step = 0; step <= count; step += 1) {
    await DBOS.runStep(
      () => {
        startsNs.push(process.hrtime.bigint());
        return Promise.resolve();
      },
      { name: `bare-${step}` },
    );
  }
  return startsNs.slice(1).map((ns, index) => msBetween(startsNs[index] ?? ns, ns));
}

/** The overhead of each of its steps in ms. */
async function deployOnce({ engine, marks }: Lane, number: number): Promise<readonly number[]> {
  marks.length = 0;
  const prepared = await planDeployment(engine, benchWish({ version: `${number}.0` }));
  await startDeployment(engine, prepared, { actor: 'bench', reason: '' });
  // One more than steps: the end connects the drivers too. Asking earlier would slow the steps.
  while (marks.length <= prepared.plan.steps.length) await systemClock.sleep(END_POLL_MS);
  for (;;) {
    const record = await engine.store.findDeployment(prepared.plan.deployment);
    if (record?.status === 'promoted') break;
    if (record?.status !== 'running') throw new Error(`Deployment ${number} was not promoted.`);
    await systemClock.sleep(END_POLL_MS);
  }
  return marks.slice(1).map((mark, index) => {
    const before = marks[index] ?? mark;
    return msBetween(before.atNs, mark.atNs) - msBetween(before.spentNs, mark.spentNs);
  });
}

async function transact(database: Database, writes: boolean): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    if (writes) await sql`update bench_rows set value = value + 1`.execute(transaction);
  });
}

async function repeated(count: number, work: () => Promise<void>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const sinceNs = process.hrtime.bigint();
    await work();
    times.push(msBetween(sinceNs, process.hrtime.bigint()));
  }
  return times;
}

function msBetween(sinceNs: bigint, untilNs: bigint): number {
  return Number(untilNs - sinceNs) / 1e6;
}
