/** Sends a request that starts a deployment: once, however often the connection breaks. */
import type { DeploymentAnswer } from '../api/contract/answers.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { ApiClient } from './api-client.ts';
import type { CliSession } from './cli-session.ts';
import { escapeText } from './render/escape-text.ts';
import { untilAnswered } from './until-answered.ts';

const BUSY_PAUSE_MS = 1_000;

/** `send` carries a request key, so that the server knows a repetition. */
export async function startDeployment(
  session: CliSession,
  send: () => Promise<DeploymentAnswer>,
  options: {
    readonly waits: boolean;
    /** The service's last deployment. */
    readonly last: () => Promise<DeploymentAnswer | undefined>;
  },
): Promise<DeploymentAnswer> {
  let isTold = false;
  let ended: DeploymentAnswer | undefined;
  for (;;) {
    try {
      return await sendOnce(session, send);
    } catch (error) {
      if (!options.waits || !isBusy(error)) throw error;
      if (!isTold) session.output.progress(`Waiting: ${escapeText(error.message)}`);
      isTold = true;
      // Refused for what no wait will change, a deployment that was held for example.
      if (ended && ended.id === (await options.last())?.id) throw error;
      // Every refused request is recorded for good: it is looked at before it is asked again.
      ended = await untilEnded(session, options.last);
    }
  }
}

async function untilEnded(
  session: CliSession,
  last: () => Promise<DeploymentAnswer | undefined>,
): Promise<DeploymentAnswer | undefined> {
  for (;;) {
    await session.environment.clock.sleep(BUSY_PAUSE_MS, session.signal);
    const deployment = await untilAnswered(session, last);
    if (deployment?.status !== 'running') return deployment;
  }
}

async function sendOnce(
  session: CliSession,
  send: () => Promise<DeploymentAnswer>,
): Promise<DeploymentAnswer> {
  try {
    return await send();
  } catch (error) {
    if (session.signal.aborted) {
      session.output.warn('The request may have reached the server. To see: surefoot status');
    }
    const mayHaveActed = error instanceof OperationalError && error.failure.effect === 'unknown';
    if (session.signal.aborted || !mayHaveActed) throw error;
    if (
      error.failure.code === 'agent-unreachable' ||
      error.failure.code === 'database-unreachable'
    ) {
      return await untilAnswered(session, send);
    }
    throw error;
  }
}

function isBusy(error: unknown): error is OperationalError {
  return error instanceof OperationalError && error.failure.code === 'scope-busy';
}

/** The last deployment of services: one that still runs before those that have ended. */
export async function lastOf(
  api: ApiClient,
  of: { readonly environment: string; readonly services: readonly string[] },
): Promise<DeploymentAnswer | undefined> {
  const { environment, services } = of;
  const each = await Promise.all(
    services.map((service) => api.deployments({ environment, service, limit: 1 })),
  );
  const last = each.flat().toSorted((left, right) => right.number - left.number);
  return last.find(({ status }) => status === 'running') ?? last[0];
}
