/**
 * Tells waiting code at once that a person has asked something of a deployment, or that its audit
 * log has grown. A hint only: what is true is read from the database.
 */
import type pg from 'pg';
import type { Clock } from '../platform/clock.ts';
import { AUDIT_CHANNEL } from '../store/audit-store.ts';
import { keepSession } from '../store/keep-session.ts';
import { REQUEST_CHANNEL } from '../store/operator-request-store.ts';

export interface RequestSignals {
  /** Calls back for every request of the deployment, and after a lost connection; returns the way to stop. */
  onRequest(deployment: number, callback: () => void): () => void;
  onAudit(callback: (deployment: number | null) => void): () => void;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 1_000;

export function listenForRequests(options: {
  readonly connectionString: string;
  readonly clock: Clock;
}): RequestSignals {
  const requestListeners = new Set<{ deployment: number; callback: () => void }>();
  const auditListeners = new Set<(deployment: number | null) => void>();

  function tell(channel: string, payload: string): void {
    const deployment = payload === '' ? null : Number(payload);
    if (channel === AUDIT_CHANNEL) {
      for (const callback of [...auditListeners]) callback(deployment);
      return;
    }
    for (const listener of [...requestListeners]) {
      if (listener.deployment === deployment) listener.callback();
    }
  }

  /** What was told while nobody listened is lost: everybody looks once. */
  function tellEverybody(): void {
    for (const listener of [...requestListeners]) listener.callback();
    for (const callback of [...auditListeners]) callback(null);
  }

  let isListening = false;
  const session = keepSession({
    connectionString: options.connectionString,
    name: 'surefoot-listen',
    clock: options.clock,
    async beat(client) {
      if (isListening) await client.query('select 1');
      else await listen(client);
      return HEARTBEAT_MS;
    },
    onLost: () => (isListening = false),
  });

  async function listen(client: pg.Client): Promise<void> {
    client.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''));
    await client.query(`listen ${REQUEST_CHANNEL}; listen ${AUDIT_CHANNEL}`);
    isListening = true;
    tellEverybody();
  }

  return {
    onRequest(deployment, callback) {
      const listener = { deployment, callback };
      requestListeners.add(listener);
      return () => requestListeners.delete(listener);
    },
    onAudit(callback) {
      auditListeners.add(callback);
      return () => auditListeners.delete(callback);
    },
    close: () => session.close(),
  };
}
