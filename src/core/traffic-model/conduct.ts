/** How a candidate behaves under traffic, for all that a model of it shows. */
import { regressions, type Regression } from './regression.ts';

export interface Conduct extends Regression {
  /** Share of requests that are never answered. */
  readonly hangs?: number;
  /** One of its instances ends after so many requests to the candidate. */
  readonly exitsAfter?: number;
}

export const healthy: Conduct = { name: 'healthy' };

export const badConducts: readonly Conduct[] = [
  ...regressions,
  { name: '1 % of requests hang', hangs: 0.01 },
  { name: 'an instance exits', exitsAfter: 500 },
];
