/** Starts processes with the durable engine, one after the other, over one simulated world. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { serveControl } from '../../../src/platform/control-server.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { aPlan } from '../plan-builder.ts';
import type { Surroundings } from './simulated-surroundings.ts';

/** A driver's verb with its arguments, the context last and without its signal. */
export interface WorldCall {
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface DurableEngine {
  /** Kills the process at once and starts the next. */
  restart(): Promise<void>;
}

export async function startDurableEngine(
  test: TestContext,
  options: {
    readonly connectionString: string;
    readonly folder: string;
    readonly surroundings: Surroundings;
  },
): Promise<DurableEngine> {
  const { connectionString, folder, surroundings } = options;
  const socketPath = join(folder, 'world.sock');
  const { target, balancer, probes } = surroundings.connectDrivers({
    ...aPlan(),
    probes: [{ name: 'health', driver: 'simulated', config: { timeout: 2_000 } }],
  });
  const ports: Readonly<Record<string, object | undefined>> = {
    target,
    balancer,
    probe: probes[0]?.probe,
  };
  const world = await serveControl(socketPath, {
    'POST /v1/verb': ({ body, signal }) => {
      const { name, args } = body as WorldCall;
      const [port = '', verb = ''] = name.split('.');
      const call = (ports[port] as Record<string, (...given: unknown[]) => unknown>)[verb];
      if (!call) throw new TypeError(`There is no verb ${name}.`);
      return call(...args.slice(0, -1), { ...(args.at(-1) as object), signal });
    },
  });
  const originNs = systemClock.monotonicNs() - surroundings.clock.monotonicNs();
  const start = (): ChildProcess => {
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, 'durable-engine-main.ts'),
        connectionString,
        socketPath,
        String(originNs),
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    // Killed it has no code; one that ends by itself has something to say.
    child.once('exit', (code) => {
      if (code !== null) test.diagnostic(`The engine ended with ${code}: ${errors}`);
    });
    return child;
  };
  let child = start();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  test.after(async () => {
    await kill();
    await world.close();
  });
  return {
    async restart() {
      await kill();
      child = start();
    },
  };
}
