import { appendAudit, readAudit } from './audit-store.ts';
import type { Database } from './database.ts';
import {
  admitDeployment,
  deploymentAgeMs,
  endDeployment,
  findDeployment,
  findDeploymentOfPool,
  findReleaseEnvironment,
  findRequested,
  listDeployments,
  listLatestByScope,
  nextDeploymentNumber,
  recordOutcome,
  saveProgress,
  takeUpDeployment,
} from './deployment-store.ts';
import { addRequest, hasOpenRequest } from './operator-request-store.ts';
import type { Store } from './store.ts';

/** The store in a migrated database. */
export function postgresStore(database: Database): Store {
  const on =
    <Arguments extends readonly unknown[], Result>(
      call: (database: Database, ...given: Arguments) => Promise<Result>,
    ) =>
    (...given: Arguments): Promise<Result> =>
      call(database, ...given);
  return {
    nextDeploymentNumber: on(nextDeploymentNumber),
    admitDeployment: on(admitDeployment),
    saveProgress: on(saveProgress),
    takeUpDeployment: on(takeUpDeployment),
    recordOutcome: on(recordOutcome),
    endDeployment: on(endDeployment),
    findDeployment: on(findDeployment),
    listDeployments: on(listDeployments),
    listLatestByScope: on(listLatestByScope),
    deploymentAgeMs: on(deploymentAgeMs),
    findRequested: on(findRequested),
    findDeploymentOfPool: on(findDeploymentOfPool),
    findReleaseEnvironment: on(findReleaseEnvironment),
    addRequest: on(addRequest),
    hasOpenRequest: on(hasOpenRequest),
    appendAudit: (entries) =>
      database.transaction().execute((transaction) => appendAudit(transaction, entries)),
    readAudit: on(readAudit),
  };
}
