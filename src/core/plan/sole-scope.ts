import type { Scope } from '../model/ids.ts';
import type { Plan } from './plan.ts';

/** The scope of the plan's only service; null when there are several, and none stands for all. */
export function soleScope({ services: [{ scope }, ...others] }: Plan): Scope | null {
  return others.length === 0 ? scope : null;
}
