/** Probe `tcp`: the port accepts a connection in time. Says nothing about who answers there. */
import { connect, type Socket } from 'node:net';
import { z } from 'zod';
import { durationSchema } from '../../../core/model/duration.ts';
import { printableLine } from '../../../core/printable-line.ts';
import { elapsedMs, systemClock } from '../../../platform/clock.ts';
import type { Driver, DriverContext, ProbeResult, ProbeSubject } from '../../contract.ts';

const LINE_LENGTH_MAX = 300;
const TIMEOUT_MS_MAX = 5 * 60_000;

const configSchema = z.strictObject({
  timeout: durationSchema
    .refine((ms) => ms <= TIMEOUT_MS_MAX, { error: 'must be at most 5m' })
    .prefault('2s')
    .describe('How long connecting may take.'),
});

type TcpProbeConfig = z.output<typeof configSchema>;

export const tcpProbe: Driver<'probe', TcpProbeConfig> = {
  kind: 'probe',
  id: 'tcp',
  summary: 'Opens a TCP connection to an instance and closes it again.',
  config: configSchema,
  capabilities: new Set(),
  connect: (config) => ({ run: (subject, context) => runOnce(config, subject, context) }),
};

async function runOnce(
  { timeout }: TcpProbeConfig,
  subject: ProbeSubject,
  { signal }: DriverContext,
): Promise<ProbeResult> {
  signal.throwIfAborted();
  const startNs = systemClock.monotonicNs();
  const socket = connect({ host: subject.host, port: subject.port });
  const failure = await failureOfConnecting(socket, timeout, signal);
  signal.throwIfAborted();
  return {
    ok: failure === null,
    observed: printableLine(failure ?? 'connected', LINE_LENGTH_MAX),
    expected: `a connection within ${timeout} ms`,
    durationMs: elapsedMs(systemClock, startNs),
  };
}

function failureOfConnecting(
  socket: Socket,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const settle = (failure: string | null) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(failure);
    };
    const onAbort = () => settle('aborted');
    const timer = setTimeout(() => settle(`no connection within ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => settle(null));
    socket.on('error', (error) => {
      const isRefused = 'code' in error && error.code === 'ECONNREFUSED';
      settle(isRefused ? 'connection refused' : error.message);
    });
  });
}
