/**
 * Tells waiting code at once that a person has asked something of a deployment, or that its audit
 * log has grown. A hint only: what is true is read from the database.
 */
import pg from 'pg';
import type { Clock } from '../platform/clock.ts';
import { AUDIT_CHANNEL } from '../store/audit-store.ts';
import { REQUEST_CHANNEL } from '../store/operator-request-store.ts';

export interface RequestSignals {
  /** Calls back for every request of the deployment, and after a lost connection; returns the way to stop. */
  onRequest(deployment: number, callback: () => void): () => void;
  onAudit(callback: (deployment: number | null) => void): () => void;
  close(): Promise<void>;
}

const RECONNECT_MS = 200;

export function listenForRequests(options: {
  readonly connectionString: string;
  readonly clock: Clock;
}): RequestSignals {
  const closed = new AbortController();
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

  async function listenOnce(): Promise<void> {
    const client = new pg.Client({
      connectionString: options.connectionString,
      connectionTimeoutMillis: 2_000,
      application_name: 'surefoot-listen',
    });
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
      client.on('error', () => resolve());
      closed.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('notification', ({ channel, payload }) => tell(channel, payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${REQUEST_CHANNEL}; listen ${AUDIT_CHANNEL}`);
      tellEverybody();
      await ended;
    } finally {
      client.end().catch(() => undefined);
    }
  }

  async function listenUntilClosed(): Promise<void> {
    while (!closed.signal.aborted) {
      // The server is away: listening starts again when it is back, and everybody looks then.
      await listenOnce().catch(() => undefined);
      await options.clock.sleep(RECONNECT_MS, closed.signal).catch(() => undefined);
    }
  }

  const ended = listenUntilClosed();
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
    async close() {
      closed.abort();
      await ended;
    },
  };
}
