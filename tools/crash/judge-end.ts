/**
 * Whether a deployment ended as promised, judged from outside: what the record says must be what the
 * edge routes, what the instances answer, and all that runs.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { DeploymentAnswer } from '../../src/api/contract/answers.ts';
import { keeperStatus } from '../../src/platform/keeper-status.ts';
import type { NewsroomStand } from '../stand/newsroom-stand.ts';
import { askSocket } from './ask-socket.ts';
import { readInstances, readRouting, versionAnsweredBy, type SeenPool } from './read-routing.ts';
import { childrenOf, processesIn } from './process-table.ts';

export interface JudgedEnd {
  readonly outcome: DeploymentAnswer['status'];
  readonly violations: readonly string[];
}

const INSTANCES = 2;
const PATIENCE_MS = 20_000;
const POLL_MS = 100;
const ASKED_THROUGH_EDGE = 5;

export async function judgeEnd(stand: NewsroomStand, id: string): Promise<JudgedEnd> {
  const { outcome, violations } = await judgeService(stand, id);
  return { outcome, violations: [...violations, ...(await untilNone(() => judgeSurefoot(stand)))] };
}

/** The same where no keeper looks after Surefoot's own processes. */
export async function judgeService(stand: NewsroomStand, id: string): Promise<JudgedEnd> {
  const record = await readRecord(stand, id);
  const { status } = record;
  if (status !== 'promoted' && status !== 'reverted') {
    return { outcome: status, violations: [`${id} is ${status}.`] };
  }
  const [change] = record.services;
  const serves = status === 'promoted' ? change?.release : change?.replaces;
  if (!serves) return { outcome: status, violations: [`${id} left nothing that serves.`] };
  const violations = [
    // Not waited for: with the deployment's end the split is in force.
    ...(await judgeRouting(stand, serves.version)),
    ...(await untilNone(() => judgeProcesses(stand, serves.version))),
    ...(await untilNone(() => judgeAnswers(stand, serves.version))),
  ];
  return { outcome: status, violations };
}

export async function readRecord(stand: NewsroomStand, id: string): Promise<DeploymentAnswer> {
  const answer = await patiently(() =>
    askSocket(stand.directory.serverSocket, `/v1/deployments/${id}`),
  );
  return answer as DeploymentAnswer;
}

/** The release that every request goes to. */
async function judgeRouting({ directory }: NewsroomStand, version: string): Promise<string[]> {
  const routing = await patiently(() => readRouting(directory));
  if (!routing) return ['The edge routes nothing.'];
  const said = routing.pools.map((pool) => `${pool.version}: ${pool.weight} %`).join(', ');
  const [only, ...others] = routing.pools;
  return [
    ...(only?.version === version && only.weight === 100 && others.length === 0
      ? []
      : [`The edge routes ${said} where ${version}: 100 % is promised.`]),
    ...(routing.hasLease ? ['The edge still has a lease.'] : []),
    ...(routing.fallback === null ? [] : [`The edge is in its fallback: ${routing.fallback}.`]),
  ];
}

/** All instances of the pool that serves have a process, and no other process of ours is left. */
async function judgeProcesses({ directory }: NewsroomStand, version: string): Promise<string[]> {
  const pools = await readInstances(directory);
  const running = await processesIn(directory.host);
  const serving = pools.filter((pool) => pool.version === version).flatMap(({ pids }) => pids);
  const left = running.map(({ pid }) => pid).filter((pid) => !serving.includes(pid));
  const reported = pools.filter((pool) => pool.version !== version).flatMap(({ pids }) => pids);
  return [
    ...(serving.length === INSTANCES ? [] : [`${serving.length} instances of ${version} run.`]),
    ...(left.length === 0 ? [] : [`Processes ${left.join(', ')} of no serving pool are left.`]),
    ...(reported.length === 0 ? [] : [`The host reports ${reported.join(', ')} as running too.`]),
  ];
}

async function judgeAnswers(stand: NewsroomStand, version: string): Promise<string[]> {
  const routing = await readRouting(stand.directory);
  const pool: SeenPool | undefined = routing?.pools[0];
  const { hostname, port } = new URL(stand.url);
  const places = [
    ...(pool?.endpoints ?? []),
    ...Array.from({ length: ASKED_THROUGH_EDGE }, () => ({ host: hostname, port: Number(port) })),
  ];
  const answers = await Promise.all(
    places.map(async (place) => ({
      place: `${place.host}:${place.port}`,
      said: await versionAnsweredBy(place.host, place.port),
    })),
  );
  return answers
    .filter(({ said }) => said !== version)
    .map(({ place, said }) => `${place} answers "${said}" where ${version} is promised.`);
}

/** Everything that was killed is back. */
async function judgeSurefoot(stand: NewsroomStand): Promise<string[]> {
  const status = await keeperStatus(stand.directory);
  if (!status) return ['The keeper does not answer.'];
  const edge = status.roles.find(({ name }) => name === 'edge')?.pid;
  const workers = edge ? await childrenOf(edge) : [];
  return [
    ...(status.postgres?.serving === true ? [] : ['PostgreSQL does not serve.']),
    ...status.roles.filter(({ ready }) => !ready).map(({ name }) => `${name} is not ready.`),
    ...(workers.length === 1 ? [] : [`The edge has ${workers.length} workers.`]),
  ];
}

/** Empty as soon as `judge` is content; what it last complained of when it never was. */
async function untilNone(judge: () => Promise<string[]>): Promise<string[]> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const violations = await judge().catch((error: unknown) => [String(error)]);
    if (violations.length === 0 || performance.now() > end) return violations;
    await delay(POLL_MS);
  }
}

/** For what may be being restarted. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(POLL_MS);
    }
  }
}
