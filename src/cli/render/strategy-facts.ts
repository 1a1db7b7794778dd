/** How a plan moves the traffic and what it costs in capacity, in words; nothing where it moves none. */
import { batchSizes } from '../../core/plan/batch-sizes.ts';
import type { Plan, PlannedService } from '../../core/plan/plan.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import type { Fact } from './cost-facts.ts';

export function strategyFacts(kind: Plan['kind'], service: PlannedService): readonly Fact[] {
  const { stable, candidate, baseline } = service;
  if (stable === null || kind === 'restore') return [];
  const text =
    kind === 'rollback'
      ? 'all traffic at once: it has served before'
      : textOf(service, stable.release.version);
  const fresh = baseline ? ` and ${baseline.instances} fresh of ${stable.release.version}` : '';
  const both = `${stable.instances} of ${stable.release.version} beside ${candidate.instances} of ${candidate.release.version}${fresh}`;
  return [
    ['strategy', text],
    ['capacity', `${both}, until the point of no return`],
  ];
}

function textOf({ rollout, candidate, baseline }: PlannedService, before: string): string {
  const { strategy, keepOldMs } = rollout;
  const kept = keepOldMs === 0 ? '' : `; ${before} stays warm for ${showDuration(keepOldMs)} more`;
  switch (strategy.kind) {
    case 'canary':
      return `canary: ${strategy.steps.map(({ weight }) => `${weight} %`).join(', ')} of new requests, each share judged${baseline ? ` beside as much for a fresh pool of ${before}` : ''}${kept}`;
    case 'blue-green':
      return `blue-green: ${strategy.proof} passes in a row of every probe, then all new requests at once${kept}`;
    case 'rolling': {
      const sizes = batchSizes(strategy.batch, candidate.instances);
      return `rolling: ${sizes.join(', ')} instances, each batch probed, given its share of new requests and judged${kept}`;
    }
  }
}
