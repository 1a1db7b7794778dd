import { WebSocket } from 'ws';
import type { Session } from './keep-session.ts';
import type { Answer } from './outcome.ts';
import { headerOf, wireReason, type LoadTarget } from './send-request.ts';

const echoIntervalMs = 1000;
const echoText = 'surefoot-load echo';

// What a server says when it goes away on purpose: 1000 normal, 1001 going away, 1012 restart.
const politeCloseCodes: readonly number[] = [1000, 1001, 1012];

/**
 * One WebSocket that asks for an echo each second. A polite close is an invitation to reconnect; any
 * other end, or an echo that stays out for the whole time limit, is a failure.
 */
export function openWebSocket(target: LoadTarget, path: string): Session {
  const { promise: ended, resolve } = Promise.withResolvers<Answer>();
  const seen: { status: number | null; version: string | null } = { status: null, version: null };
  const socket = new WebSocket(new URL(path, target.url.href.replace(/^http/, 'ws')), {
    handshakeTimeout: target.timeoutMs,
    perMessageDeflate: false,
  });
  const timers = echoTimers(socket, target.timeoutMs, () => {
    finish('failed', 'echo-timeout');
  });
  const finish = (outcome: Answer['outcome'], reason: string | null): void => {
    timers.stop();
    resolve({ ...seen, connectionFromMs: null, outcome, reason });
    socket.terminate();
  };

  socket.on('upgrade', (incoming) => {
    seen.status = incoming.statusCode ?? 0;
    seen.version = headerOf(incoming, target.versionHeader);
  });
  socket.on('open', timers.start);
  socket.on('unexpected-response', (_request, incoming) => {
    seen.status = incoming.statusCode ?? 0;
    finish('failed', `status-${seen.status}`);
  });
  socket.on('error', (error) => {
    finish('failed', seen.status === null ? openingReason(error) : 'cut');
  });
  socket.on('close', (code) => {
    if (politeCloseCodes.includes(code)) finish('ok', 'reconnected');
    else finish('failed', code === 1006 ? 'cut' : `closed-${code}`);
  });
  return {
    ended,
    close() {
      timers.stop();
      resolve({ ...seen, connectionFromMs: null, outcome: 'ok', reason: null });
      if (socket.readyState === WebSocket.OPEN) socket.close(1000);
      else socket.terminate();
      setTimeout(() => {
        socket.terminate();
      }, 1000).unref();
    },
  };
}

function openingReason(error: Error): string {
  return error.message.includes('handshake has timed out') ? 'timeout' : wireReason(error);
}

function echoTimers(
  socket: WebSocket,
  timeoutMs: number,
  onMissing: () => void,
): { start: () => void; stop: () => void } {
  const missing = setTimeout(onMissing, timeoutMs + echoIntervalMs);
  const ticker: { timer: NodeJS.Timeout | undefined } = { timer: undefined };
  const ask = (): void => {
    socket.send(echoText);
  };
  socket.on('message', (data) => {
    // The server may wrap the echo (in JSON, say); its announcements do not carry the text.
    if (Buffer.isBuffer(data) && data.includes(echoText)) missing.refresh();
  });
  return {
    start() {
      ask();
      ticker.timer = setInterval(ask, echoIntervalMs);
    },
    stop() {
      clearTimeout(missing);
      clearInterval(ticker.timer);
    },
  };
}
