/**
 * The only composition root: builds what a process needs and hands it down. One program, five
 * processes; each loads its own part only, so that the edge carries no database and the command line
 * no engine.
 */
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { callControl } from './platform/control-client.ts';
import { systemClock } from './platform/clock.ts';
import { createLog } from './platform/log.ts';
import { packageVersion } from './platform/package-version.ts';
import { stateDirectoryAt, type StateDirectory } from './platform/state-directory.ts';

const mainPath = import.meta.filename;
const READY_CALL_MS = 1_000;

const roles: Readonly<Record<string, (directory: StateDirectory) => Promise<void>>> = {
  keeper: runKeeperRole,
  edge: runEdgeRole,
  host: runHostRole,
  server: runServerRole,
};

async function main(argv: readonly string[]): Promise<void> {
  // Every start is quicker by a third when nothing has to be compiled again. Kept beside the code,
  // so that only who may write the code may write it; where nobody may, nothing is kept.
  enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'surefoot'));
  const [command, flag, root] = argv;
  const role = command === undefined ? undefined : roles[command];
  if (role && flag === '--state-dir' && root !== undefined) {
    await role(stateDirectoryAt(root));
    return;
  }
  await runCommandLine(argv);
}

async function runCommandLine(argv: readonly string[]): Promise<void> {
  const { runCli } = await import('./cli/run-cli.ts');
  const { processEnvironment } = await import('./cli/process-environment.ts');
  const { builtInDrivers } = await import('./drivers/registry.ts');
  process.exitCode = await runCli(argv, processEnvironment({ drivers: builtInDrivers, mainPath }));
}

async function runKeeperRole(directory: StateDirectory): Promise<void> {
  const { runKeeper } = await import('./platform/keeper.ts');
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const commandOf = (role: string) => [
    process.execPath,
    mainPath,
    role,
    '--state-dir',
    directory.root,
  ];
  const answers = (socketPath: string, path: string) => async (): Promise<boolean> => {
    const signal = AbortSignal.timeout(READY_CALL_MS);
    await callControl(socketPath, { method: 'GET', path, signal });
    return true;
  };
  await runKeeper({
    directory,
    database: process.env['DATABASE_URL'] === undefined ? 'embedded' : 'external',
    signal: stop.signal,
    log: createLog({ fields: { role: 'keeper' } }),
    // Stopped in the reverse order.
    roles: [
      {
        name: 'host',
        command: commandOf('host'),
        readyWhen: answers(directory.hostSocket, '/v1/pools'),
      },
      {
        name: 'edge',
        command: commandOf('edge'),
        readyWhen: answers(directory.edgeSocket, '/v1/routings'),
      },
      {
        name: 'server',
        command: commandOf('server'),
        readyWhen: answers(directory.serverSocket, '/v1/status'),
        needsDatabase: true,
      },
    ],
  });
}

async function runEdgeRole(directory: StateDirectory): Promise<void> {
  const { runEdge } = await import('./edge/edge-process.ts');
  await runEdge({ stateDirectory: directory, log: createLog({ fields: { role: 'edge' } }) });
}

async function runHostRole(directory: StateDirectory): Promise<void> {
  const { runHost } = await import('./host/host-process.ts');
  await runHost({ stateDirectory: directory });
}

async function runServerRole(directory: StateDirectory): Promise<void> {
  const { startEngine } = await import('./engine/start-engine.ts');
  const { connectDriversFrom } = await import('./engine/drivers-in-use.ts');
  const { serveApi } = await import('./api/serve-api.ts');
  const { builtInDrivers } = await import('./drivers/registry.ts');
  const { untilFileLocked } = await import('./platform/file-lock.ts');
  const log = createLog({ fields: { role: 'server' } });
  // Crash-only: told to end or killed, what was under way goes on in the next process.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
  const lock = await untilFileLocked(join(directory.root, 'server.lock'));
  process.once('exit', () => lock.release());
  const version = packageVersion();
  const engine = await startEngine({
    connectionString: await connectionStringFor(directory),
    stateDirectory: directory.root,
    executorId: 'server',
    version,
    connectDrivers: connectDriversFrom(builtInDrivers, { stateDirectory: directory.root }),
    clock: systemClock,
    log,
  });
  await serveApi({ engine, socketPath: directory.serverSocket, version, log });
  log.info('server is ready');
  // Now, since it may be killed rather than end.
  flushCompileCache();
}

async function connectionStringFor(directory: StateDirectory): Promise<string> {
  const external = process.env['DATABASE_URL'];
  if (external !== undefined) return external;
  const { ensurePostgres } = await import('./platform/ensure-postgres.ts');
  const { connectionString } = await ensurePostgres(directory);
  return connectionString;
}

await main(process.argv.slice(2));
