import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import type { ControllerLock } from './controller-lock.ts';
import type { ConnectDrivers } from './drivers-in-use.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { ProgressFeed } from './progress-feed.ts';
import type { RequestSignals } from './request-signals.ts';
import type { ServerWork } from './server-work.ts';

/** Everything the engine acts with; built once by the composition root and handed down. */
export interface EngineContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly lock: ControllerLock;
  readonly leases: LeaseKeeper;
  readonly signals: RequestSignals;
  readonly progress: ProgressFeed;
  readonly connectDrivers: ConnectDrivers;
  readonly work: ServerWork;
}
