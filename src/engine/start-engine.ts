/**
 * Brings the durable engine up: schema, lock, leases of what was running, then the workflows that
 * this executor left behind. Crash-only: there is no other way to stop than to end the process.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { openDatabase } from '../store/database.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import { migrate } from '../store/migrate.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { openPool } from '../store/open-pool.ts';
import { claimInstallation } from './claim-installation.ts';
import { holdControllerLock } from './controller-lock.ts';
import { registerDeployWorkflow } from './deploy-workflow.ts';
import { createDrivenDeployments } from './driven-deployments.ts';
import type { ConnectDrivers } from './drivers-in-use.ts';
import type { EngineContext } from './engine-context.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import { ENGINE_ACTOR } from './perform-command.ts';
import { createProgressFeed } from './progress-feed.ts';
import { listenForRequests } from './request-signals.ts';
import { superviseDeployments } from './supervise-deployments.ts';

export interface Engine extends EngineContext {
  /** Begins to carry out an admitted deployment; beginning it twice is beginning it once. */
  begin(deployment: number): Promise<void>;
}

/** Never a hash of the source: a new build must find the workflows of the old one. */
const APPLICATION_VERSION = 'deploy-v1';
const RETRY_FIRST_S = 0.1;
const RETRY_MAX_S = 1;
const RUNNING_MAX = 1_000;

export async function startEngine(options: {
  readonly connectionString: string;
  /** Must belong to the database; an empty one is claimed for it. */
  readonly stateDirectory: string;
  readonly executorId: string;
  readonly version: string;
  readonly connectDrivers: ConnectDrivers;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Engine> {
  const { connectionString, clock, log } = options;
  const { database } = openDatabase(connectionString);
  await migrate(database);
  await claimInstallation(database, options.stateDirectory);
  const store = postgresStore(database);
  const lock = holdControllerLock({ connectionString, executorId: options.executorId, clock });
  const context: EngineContext = {
    store,
    clock,
    lock,
    leases: createLeaseKeeper({ clock, mayDrive: () => lock.isHeld() }),
    signals: listenForRequests({ connectionString, clock }),
    progress: createProgressFeed(),
    connectDrivers: options.connectDrivers,
  };
  await lock.untilHeld();
  const running = await store.listDeployments({ status: 'running', limit: RUNNING_MAX });
  // Recovery takes about a second; the leases of what was running must not wait for it.
  for (const { plan, state } of running) {
    if (state.mode !== 'forward' || !state.lease) continue;
    const { balancer } = context.connectDrivers(plan);
    context.leases.hold(plan.scope, state.lease, balancer);
    // Until a workflow acts under it, and no longer.
    context.leases.rest(plan.scope);
  }
  await recordStart(context, options.version, running);

  Object.assign(dbRetryConfig, { initialBackoffSec: RETRY_FIRST_S, maxBackoffSec: RETRY_MAX_S });
  DBOS.setConfig({
    name: 'surefoot',
    systemDatabaseUrl: connectionString,
    systemDatabasePool: openPool(connectionString, { application_name: 'surefoot-workflows' }),
    executorID: options.executorId,
    applicationVersion: APPLICATION_VERSION,
    logger: quiet(log),
  });
  const driven = createDrivenDeployments();
  const deploy = registerDeployWorkflow(context, driven);
  await DBOS.launch();

  async function begin(deployment: number, resumption = 0): Promise<void> {
    const workflowID = `deployment-${deployment}${resumption === 0 ? '' : `.${resumption}`}`;
    // Begun already and recovered by the launch; were it begun again, nothing would happen, loudly.
    if (await DBOS.getWorkflowStatus(workflowID)) return;
    await DBOS.startWorkflow(deploy, { workflowID })(deployment, resumption);
  }
  // Admitted by a process that died before it could begin.
  for (const { number, resumption } of running) await begin(number, resumption);
  const { signal } = new AbortController();
  void superviseDeployments({ engine: context, driven, begin, log, signal });
  return { ...context, begin };
}

async function recordStart(
  { store }: EngineContext,
  version: string,
  running: readonly DeploymentRecord[],
): Promise<void> {
  await store.appendAudit([
    {
      scope: null,
      deployment: null,
      actor: ENGINE_ACTOR,
      key: null,
      body: { kind: 'ControllerStarted', version, resumed: running.map(({ plan }) => plan.id) },
    },
  ]);
}

/** The durable engine's chatter is for its own developers; warnings and errors are for ours. */
function quiet(log: Log) {
  const text = (value: unknown): string =>
    value instanceof Error ? (value.stack ?? value.message) : String(value);
  return {
    info: () => undefined,
    debug: () => undefined,
    warn: (value: unknown) => log.warn('durable engine', { text: text(value) }),
    error: (value: unknown) => log.error('durable engine', { text: text(value) }),
  };
}
