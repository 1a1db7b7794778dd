import { operationalError } from '../core/operational-error.ts';
import { appendAudit, readAudit } from './audit-store.ts';
import type { Database } from './database.ts';
import { admitDeployment, findRequested, nextDeploymentNumber } from './admission-store.ts';
import {
  deploymentAgeMs,
  endDeployment,
  findDeployment,
  findDeploymentOfPool,
  findReleaseEnvironment,
  listDeployments,
  listLatestByScope,
  recordOutcome,
  saveProgress,
  takeUpDeployment,
} from './deployment-store.ts';
import { addFreezes, liftFreezes, placesNow } from './freeze-store.ts';
import { addRequest, openRequests } from './operator-request-store.ts';
import { isTermOver, type DriverTerm } from './driver-term.ts';
import { findSchemaNotes } from './schema-notes.ts';
import type { Store } from './store.ts';
import { keepWatch } from './watch-store.ts';

/** Who writes as the driver of deployments. */
export interface Driving {
  /** Null until it has taken over. */
  term(): DriverTerm;
  /** Called when another one has taken over since; nothing was written then. */
  onReplaced(): void;
}

/**
 * The store in a migrated database. What only a driver writes is refused as `driver-replaced` when
 * another one has taken over.
 */
export function postgresStore(database: Database, driving?: Driving): Store {
  const on =
    <Arguments extends readonly unknown[], Result>(
      call: (database: Database, ...given: Arguments) => Promise<Result>,
    ) =>
    (...given: Arguments): Promise<Result> =>
      call(database, ...given);
  const asDriver =
    <Given extends readonly unknown[], Result>(
      call: (database: Database, ...given: [...Given, DriverTerm]) => Promise<Result>,
    ) =>
    async (...given: Given): Promise<Result> => {
      try {
        return await call(database, ...given, driving?.term() ?? null);
      } catch (error) {
        if (!isTermOver(error)) throw error;
        driving?.onReplaced();
        throw operationalError('driver-replaced', 'Another server drives now.', { cause: error });
      }
    };
  return {
    nextDeploymentNumber: on(nextDeploymentNumber),
    admitDeployment: on(admitDeployment),
    saveProgress: asDriver(saveProgress),
    keepWatch: asDriver(keepWatch),
    takeUpDeployment: asDriver(takeUpDeployment),
    recordOutcome: asDriver(recordOutcome),
    endDeployment: asDriver(endDeployment),
    findDeployment: on(findDeployment),
    listDeployments: on(listDeployments),
    listLatestByScope: on(listLatestByScope),
    deploymentAgeMs: on(deploymentAgeMs),
    findRequested: on(findRequested),
    findDeploymentOfPool: on(findDeploymentOfPool),
    findReleaseEnvironment: on(findReleaseEnvironment),
    findSchemaNotes: on(findSchemaNotes),
    addRequest: on(addRequest),
    openRequests: on(openRequests),
    addFreezes: on(addFreezes),
    liftFreezes: on(liftFreezes),
    placesNow: on(placesNow),
    appendAudit: (entries) =>
      database.transaction().execute((transaction) => appendAudit(transaction, entries)),
    readAudit: on(readAudit),
  };
}
