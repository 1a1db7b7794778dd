import type { ResourcesConfig, RolloutConfig } from '../config/system-config.ts';
import type { GaugeName } from '../core/model/instance-usage.ts';
import type { RolloutPolicy } from '../core/plan/plan.ts';
import type { GaugeLimits } from '../core/verdict/gauge-blocks.ts';

/** What of the candidate is compared, and by which limits where there are some. */
export function comparedOf({
  compare,
  resources,
}: Pick<RolloutConfig['gate'], 'compare' | 'resources'>): Pick<
  RolloutPolicy,
  'compare' | 'gauges'
> {
  if (!resources) return { compare };
  return { compare: [...compare, 'resources'], gauges: limitsOf(resources) };
}

function limitsOf(resources: ResourcesConfig): GaugeLimits {
  const names = Object.keys(resources) as GaugeName[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const of = resources[name];
      return of ? [[name, { limit: of.limit, safeLifeMs: of.safeLife }]] : [];
    }),
  );
}
