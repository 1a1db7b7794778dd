/** Of each of its services, in their order. */
import type { Scope } from '../model/ids.ts';
import type { Plan } from './plan.ts';

export function scopesOf({ services }: Plan): readonly Scope[] {
  return services.map(({ scope }) => scope);
}
