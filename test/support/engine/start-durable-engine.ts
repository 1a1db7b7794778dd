/** Starts processes with the durable engine over one simulated world. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { OperationalError } from '../../../src/core/operational-error.ts';
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
  pid(): number;
  /** Kills the process at once and starts the next. */
  restart(): Promise<void>;
  /** Resolves when the present process has ended by itself, with its exit code. */
  ended(): Promise<number | null>;
}

/** The outside world, where processes ask for it. */
export interface ServedWorld {
  readonly socketPath: string;
  readonly originNs: bigint;
  /** Calls that failed, as `balancer.apply token-outdated`. */
  readonly refusals: readonly string[];
}

export interface EngineOptions {
  readonly connectionString: string;
  readonly folder: string;
  readonly surroundings: Surroundings;
}

export async function startDurableEngine(
  test: TestContext,
  options: EngineOptions,
): Promise<DurableEngine> {
  const world = await serveWorld(test, options);
  return startEngineProcess(test, world, options.connectionString);
}

export async function serveWorld(
  test: TestContext,
  { folder, surroundings }: Omit<EngineOptions, 'connectionString'>,
): Promise<ServedWorld> {
  const socketPath = join(folder, 'world.sock');
  const { target, balancer, probes } = surroundings.connectDrivers({
    ...aPlan().services[0],
    probes: [{ name: 'health', driver: 'simulated', config: { timeout: 2_000 } }],
  });
  const ports: Readonly<Record<string, object | undefined>> = {
    target,
    balancer,
    probe: probes[0]?.probe,
  };
  const refusals: string[] = [];
  const world = await serveControl(socketPath, {
    async 'POST /v1/verb'({ body, signal }) {
      const { name, args } = body as WorldCall;
      const [port = '', verb = ''] = name.split('.');
      const call = (ports[port] as Record<string, (...given: unknown[]) => unknown>)[verb];
      if (!call) throw new TypeError(`There is no verb ${name}.`);
      try {
        return await call(...args.slice(0, -1), { ...(args.at(-1) as object), signal });
      } catch (error) {
        if (error instanceof OperationalError) refusals.push(`${name} ${error.failure.code}`);
        throw error;
      }
    },
  });
  test.after(() => world.close());
  const originNs = systemClock.monotonicNs() - surroundings.clock.monotonicNs();
  return { socketPath, originNs, refusals };
}

export function startEngineProcess(
  test: TestContext,
  { socketPath, originNs }: ServedWorld,
  connectionString: string,
): DurableEngine {
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
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const kill = async (): Promise<void> => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  test.after(kill);
  return {
    pid: () => child.pid!,
    async restart() {
      await kill();
      child = start();
    },
    async ended() {
      if (!hasEnded()) await once(child, 'exit');
      return child.exitCode;
    },
  };
}
