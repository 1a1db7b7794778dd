/**
 * What a process does as soon as it may drive: it takes up the leases of what is running, says in the
 * audit log that it drives, and brings the durable engine up, with the workflows of those before it.
 */
import { DBOS } from '@dbos-inc/dbos-sdk';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import { dbRetryConfig } from '@dbos-inc/dbos-sdk/internal/utils';
import type { Log } from '../platform/log.ts';
import type { DeploymentRecord } from '../store/deployment-store.ts';
import { openPool } from '../store/open-pool.ts';
import { registerDeployWorkflow } from './deploy-workflow.ts';
import type { DrivenDeployments } from './driven-deployments.ts';
import type { EngineContext } from './engine-context.ts';
import { ENGINE_ACTOR } from './perform-command.ts';
import { resumeLeases } from './resume-leases.ts';
import { runningDeployments } from './running-deployments.ts';

export interface DurableEngine {
  /**
   * Begins to carry out an admitted deployment; beginning it twice is beginning it once, also when its
   * workflow was begun by another process or has ended.
   */
  begin(deployment: number, resumption: number): Promise<void>;
  /** Takes workflows up that another process has begun: it drives no more, since this one does. */
  recover(): Promise<void>;
}

/** Never a hash of the source: a new build must find the workflows of the old one. */
const APPLICATION_VERSION = 'deploy-v1';
const RETRY_FIRST_S = 0.1;
const RETRY_MAX_S = 1;

/** Once in the life of a process, which must hold the lock. */
export async function takeOver(
  context: EngineContext,
  options: {
    readonly connectionString: string;
    /** Nobody before and after has the same. */
    readonly executorId: string;
    readonly version: string;
    readonly driven: DrivenDeployments;
    readonly log: Log;
  },
): Promise<DurableEngine> {
  const { connectionString, executorId } = options;
  const running = await runningDeployments(context.store);
  resumeLeases(context, running);
  await recordStart(context, options.version, running);

  Object.assign(dbRetryConfig, { initialBackoffSec: RETRY_FIRST_S, maxBackoffSec: RETRY_MAX_S });
  DBOS.setConfig({
    name: 'surefoot',
    systemDatabaseUrl: connectionString,
    systemDatabasePool: openPool(connectionString, { application_name: 'surefoot-workflows' }),
    executorID: executorId,
    applicationVersion: APPLICATION_VERSION,
    logger: quiet(options.log),
  });
  const deploy = registerDeployWorkflow(context, options.driven);
  await DBOS.launch();

  const beginning = new Map<string, Promise<void>>();
  async function beginOnce(workflowID: string, work: () => Promise<unknown>): Promise<void> {
    // Were one begun again, nothing would happen, loudly.
    if (await DBOS.getWorkflowStatus(workflowID)) return;
    await work();
  }
  const engine: DurableEngine = {
    async begin(deployment, resumption) {
      const workflowID = `deployment-${deployment}${resumption === 0 ? '' : `.${resumption}`}`;
      const start = () => DBOS.startWorkflow(deploy, { workflowID })(deployment, resumption);
      const begun = beginning.get(workflowID) ?? beginOnce(workflowID, start);
      beginning.set(workflowID, begun);
      await begun.finally(() => beginning.delete(workflowID));
    },
    recover: () => recoverOthers(executorId),
  };
  await engine.recover();
  // Admitted by a process that died before it could begin.
  for (const { number, resumption } of running) await engine.begin(number, resumption);
  return engine;
}

async function recoverOthers(ownId: string): Promise<void> {
  const pending = await DBOS.listWorkflows({ status: 'PENDING', loadInput: false });
  const others = new Set(pending.map(({ executorId = '' }) => executorId));
  others.delete(ownId);
  if (others.size > 0) await DBOSExecutor.globalInstance?.recoverPendingWorkflows([...others]);
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
