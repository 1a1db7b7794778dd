import http from 'node:http';
import { connectionFromMs } from './connection-from.ts';
import type { Session } from './keep-session.ts';
import type { Answer } from './outcome.ts';
import { headerOf, wireReason, type LoadTarget } from './send-request.ts';

/**
 * One SSE stream. A clean end of the body is an invitation to reconnect; a cut connection, or no byte
 * (the newsroom sends a heartbeat each second) for the whole time limit, is a failure.
 */
export function openEventStream(target: LoadTarget, path: string): Session {
  const { promise: ended, resolve } = Promise.withResolvers<Answer>();
  const seen = {
    status: null as number | null,
    version: null as string | null,
    connectionFromMs: null as number | null,
  };
  const outgoing = http.request(new URL(path, target.url), {
    agent: target.agent,
    headers: { accept: 'text/event-stream', 'user-agent': 'surefoot-load' },
  });
  const silence = setTimeout(() => {
    finish('failed', seen.status === null ? 'timeout' : 'silent');
  }, target.timeoutMs);
  const finish = (outcome: Answer['outcome'], reason: string | null): void => {
    clearTimeout(silence);
    resolve({ ...seen, outcome, reason });
    outgoing.destroy();
  };

  outgoing.on('socket', (socket) => {
    seen.connectionFromMs = connectionFromMs(socket);
  });
  outgoing.on('error', (error) => {
    finish('failed', seen.status === null ? wireReason(error) : 'cut');
  });
  outgoing.on('response', (incoming) => {
    seen.status = incoming.statusCode ?? 0;
    seen.version = headerOf(incoming, target.versionHeader);
    silence.refresh();
    incoming.on('data', () => silence.refresh());
    incoming.on('error', () => {
      finish('failed', 'cut');
    });
    incoming.on('end', () => {
      finish('ok', 'reconnected');
    });
    if (seen.status !== 200) finish('failed', `status-${seen.status}`);
  });
  outgoing.end();
  return {
    ended,
    close() {
      finish('ok', null);
    },
  };
}
