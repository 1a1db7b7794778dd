/** A deployment's events to its end, whatever happens to the server meanwhile. */
import type { EventLine } from '../api/contract/answers.ts';
import { OperationalError } from '../core/operational-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { ApiClient } from './api-client.ts';

/** `away` and `back` are about the server, told once each time. */
export type FollowLine = EventLine | { readonly kind: 'away' } | { readonly kind: 'back' };

const PAUSE_MS = 250;

export async function* followDeployment(
  api: ApiClient,
  id: string,
  options: { readonly signal: AbortSignal; readonly clock: Clock },
): AsyncGenerator<FollowLine> {
  const { signal, clock } = options;
  let after = 0;
  let isAway = false;
  for (;;) {
    try {
      for await (const line of api.events(id, after, signal)) {
        if (isAway) yield { kind: 'back' };
        isAway = false;
        if (line.kind === 'audit') {
          if (line.entry.sequence <= after) continue;
          after = line.entry.sequence;
        }
        yield line;
        if (line.kind === 'audit' && line.entry.body.kind === 'DeploymentEnded') return;
      }
    } catch (error) {
      if (signal.aborted || !isServerAway(error)) throw error;
    }
    if (!isAway) yield { kind: 'away' };
    isAway = true;
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** Whether waiting may help: the process or its database is being restarted. */
export function isServerAway(error: unknown): boolean {
  if (!(error instanceof OperationalError)) return false;
  const { code } = error.failure;
  return code === 'agent-unreachable' || code === 'database-unreachable';
}
