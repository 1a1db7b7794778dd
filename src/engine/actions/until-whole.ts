import { failureOf, type Failure } from '../../core/failures.ts';
import type { InstanceObservation, PoolObservation } from '../../core/model/pool.ts';
import type { PlannedPool } from '../../core/plan/plan.ts';
import { lastWords } from '../../core/words/last-words.ts';
import { elapsedMs } from '../../platform/clock.ts';
import type { ActionContext } from '../action-context.ts';
import { missingCapacity } from './missing-capacity.ts';

const LOOK_EVERY_MS = 100;

/**
 * What keeps a pool from carrying all that it was planned for; null when it is whole. An instance that
 * is being started again is waited for, half of the command's time at most: the rest is for what the
 * command itself does. One that has ended is not waited for.
 */
export async function untilWhole(
  context: ActionContext,
  pool: PlannedPool,
): Promise<Failure | null> {
  const { drivers, service, command, clock, signal } = context;
  const sinceNs = clock.monotonicNs();
  for (;;) {
    const lack = lackOf(pool, await drivers.target.observe(service.scope, context));
    if (lack?.code !== 'capacity-missing') return lack;
    if (elapsedMs(clock, sinceNs) >= command.deadlineMs / 2) return lack;
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    if (signal.aborted) return lack;
  }
}

function lackOf(pool: PlannedPool, observed: readonly PoolObservation[]): Failure | null {
  const instances = observed.find((candidate) => candidate.pool === pool.pool)?.instances ?? [];
  const exited = instances.find(({ state }) => state === 'exited');
  if (exited) return exitFailure(exited, pool);
  const missing = missingCapacity(pool, instances);
  return missing === null ? null : failureOf('capacity-missing', missing);
}

export function exitFailure(exited: InstanceObservation, { release }: PlannedPool): Failure {
  return failureOf('instance-exited', exitSentence(exited, release.version), {
    details: { exited },
  });
}

function exitSentence({ id, exit, lastLines }: InstanceObservation, version: string): string {
  const how = exit
    ? exit.signal !== null
      ? `by ${exit.signal}`
      : `with code ${exit.code ?? 'unknown'}`
    : 'for an unknown reason';
  return `${[`Instance ${id} of release ${version} ended ${how}`, lastWords(lastLines)].filter(Boolean).join('; ')}.`;
}
