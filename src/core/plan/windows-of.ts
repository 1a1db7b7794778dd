/** When its services may be deployed, all together; empty for at any time, as in plans of older versions. */
import type { Windows } from '../windows/deployment-window.ts';
import type { Plan } from './plan.ts';

export function windowsOf({ services }: Pick<Plan, 'services'>): readonly Windows[] {
  return services.flatMap(({ windows = [] }) => windows);
}
