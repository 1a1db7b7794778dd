/** Runs the command line inside the test's process, on streams that remember what they got. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import type { CliEnvironment } from '../../src/cli/cli-environment.ts';
import type { RegisterCommand } from '../../src/cli/cli-session.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { ConfigurableDriver } from '../../src/config/configurable-driver.ts';
import { builtInDrivers } from '../../src/drivers/registry.ts';
import { connectDriver } from '../../src/engine/connect-driver.ts';
import { systemClock, type Clock } from '../../src/platform/clock.ts';

export interface RunningCommand {
  readonly code: Promise<number>;
  readonly stdin: PassThrough;
  readonly out: () => string;
  readonly err: () => string;
  readonly interrupt: () => void;
  /** The reader of stdout goes away. */
  readonly closeStdout: () => void;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Streams are terminals of this many columns. */
  readonly columns?: number;
  readonly clock?: Clock;
  readonly mainPath?: string;
  readonly extraCommands?: readonly RegisterCommand[];
}

/** Interrupted at the end of the test if it still runs, so that a failed test ends, too. */
export function startCommand(
  test: TestContext,
  argv: readonly string[],
  options: CommandOptions = {},
): RunningCommand {
  const running = launchCommand(argv, options);
  test.after(() => running.interrupt());
  return running;
}

function launchCommand(argv: readonly string[], options: CommandOptions): RunningCommand {
  const { columns } = options;
  const stdin = asTerminal(new PassThrough(), columns);
  const stdout = asTerminal(new PassThrough(), columns);
  const stderr = asTerminal(new PassThrough(), columns);
  const [out, err] = [collect(stdout), collect(stderr)];
  let interrupted: (() => void) | null = null;
  const environment: CliEnvironment = {
    stdin,
    stdout,
    stderr,
    env: options.env ?? {},
    cwd: options.cwd ?? tmpdir(),
    drivers: testDrivers,
    connect: connectDriver(builtInDrivers),
    mainPath: options.mainPath ?? '/nonexistent/main.ts',
    clock: options.clock ?? systemClock,
    onInterrupt(callback) {
      interrupted = callback;
      return () => (interrupted = null);
    },
  };
  return {
    code: runCli(argv, environment, options.extraCommands),
    stdin,
    out,
    err,
    interrupt: () => interrupted?.(),
    closeStdout: () =>
      stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' })),
  };
}

export async function runCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const running = launchCommand(argv, options);
  const code = await running.code;
  return { code, out: running.out(), err: running.err() };
}

/** A short path: sockets lie below it. */
export function temporaryProject(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sfc-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function asTerminal(stream: PassThrough, columns: number | undefined): PassThrough {
  if (columns === undefined) return stream;
  return Object.assign(stream, { isTTY: true, columns, rows: 24, setRawMode: () => stream });
}

function collect(stream: PassThrough): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  return () => text;
}

const listen = z.string().transform((address) => {
  const [host = '', port = ''] = address.split(':');
  return { host, port: Number(port) };
});

/** Enough of each kind to read a configuration with. */
export const testDrivers: readonly ConfigurableDriver[] = [
  {
    kind: 'target',
    id: 'local',
    summary: 'Instances on this machine.',
    config: z.strictObject({
      command: z.array(z.string()).min(1),
      env: z.record(z.string(), z.string()).prefault({}),
      instances: z.int().positive().prefault(2),
      startTimeout: z
        .string()
        .prefault('1s')
        .transform(() => 1_000),
      stopGrace: z
        .string()
        .prefault('1s')
        .transform(() => 1_000),
    }),
  },
  {
    kind: 'balancer',
    id: 'edge',
    summary: 'The embedded balancer.',
    config: z.strictObject({
      listen,
      requestTimeout: z
        .string()
        .prefault('1s')
        .transform(() => 1_000),
    }),
  },
  {
    kind: 'probe',
    id: 'http',
    summary: 'Asks over HTTP.',
    config: z.strictObject({ path: z.string() }).loose(),
  },
  ...builtInDrivers.filter(
    ({ kind, id }) =>
      kind === 'report' || kind === 'backup' || kind === 'migration' || id === 'tcp',
  ),
];
