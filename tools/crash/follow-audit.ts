/** A deployment's audit entries as they come, whatever is killed meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '../../src/core/audit/audit-entry.ts';
import type { EventLine } from '../../src/api/contract/answers.ts';
import type { StateDirectory } from '../../src/platform/state-directory.ts';
import { listenOnSocket } from './ask-socket.ts';

const PAUSE_MS = 3;

/** Waits for the deployment to be admitted; resolves after its last entry or the signal. */
export async function followAudit(
  directory: StateDirectory,
  id: string,
  options: { readonly signal: AbortSignal; readonly onEntry: (entry: AuditEntry) => void },
): Promise<void> {
  const { signal, onEntry } = options;
  let after = 0;
  while (!signal.aborted) {
    const path = `/v1/deployments/${id}/events?after=${after}`;
    try {
      for await (const line of listenOnSocket(directory.serverSocket, path, signal)) {
        const event = line as EventLine;
        if (event.kind !== 'audit' || event.entry.sequence <= after) continue;
        after = event.entry.sequence;
        onEntry(event.entry);
        if (event.entry.body.kind === 'DeploymentEnded') return;
      }
    } catch {
      // Not admitted yet, or the server or its database is away: asked again until the signal.
    }
    await delay(PAUSE_MS);
  }
}
