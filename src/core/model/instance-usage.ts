import type { InstanceId, PoolId } from './ids.ts';

/** What an instance takes up: `memory` in bytes, `openFiles` as their number. */
export type GaugeName = 'memory' | 'openFiles';

export interface InstanceUsage {
  readonly pool: PoolId;
  readonly instance: InstanceId;
  /** The process that leads the instance; null when there is none. */
  readonly pid: number | null;
  /** Of all its processes together; null where that could not be read, and never 0 instead. */
  readonly gauges: Readonly<Record<GaugeName, number | null>>;
}
