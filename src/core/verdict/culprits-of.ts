/** Which metrics a ROLLBACK names. A name only; what is decided is decided by all evidence together. */
import type { Evidence } from './evidence-of.ts';
import { metricFamilies, type MetricFamily, type VerdictSettings } from './verdict-settings.ts';

/**
 * Of the named, on average at most the share `falseRollback` is innocent (e-BH, Wang and Ramdas 2022);
 * empty when none stands out.
 */
export function culpritsOf(
  { weights, falseRollback }: VerdictSettings,
  { families }: Evidence,
): readonly MetricFamily[] {
  const judged = metricFamilies.filter((family) => weights[family] > 0);
  const sorted = judged.toSorted((left, right) => families[right] - families[left]);
  for (let count = sorted.length; count > 0; count -= 1) {
    const least = families[sorted[count - 1] ?? 'errors'];
    if (least >= Math.log(judged.length / (count * falseRollback))) {
      return judged.filter((family) => families[family] >= least);
    }
  }
  return [];
}
