/** A proxy in front of the instant upstream, running and ready to be measured. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock } from '../../../src/platform/clock.ts';
import { onCore } from './on-core.ts';

const READY_MS_MAX = 10_000;
const READY_POLL_MS = 20;

export interface Contender {
  readonly name: 'none' | 'edge' | 'HAProxy' | 'http-proxy-3';
  readonly port: number;
  /** The processes whose processor time a request costs. */
  readonly pids: readonly number[];
  close(): Promise<void>;
}

export function spawnOn(
  part: Parameters<typeof onCore>[0],
  program: string,
  args: readonly string[],
): ChildProcess {
  return spawn(...onCore(part, program, args), { stdio: ['ignore', 'ignore', 'inherit'] });
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Resolves when the port takes connections. */
export async function untilAccepts(port: number): Promise<void> {
  const limit = AbortSignal.timeout(READY_MS_MAX);
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (limit.aborted) throw error;
      await systemClock.sleep(READY_POLL_MS);
    } finally {
      socket.destroy();
    }
  }
}
