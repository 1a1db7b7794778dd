/**
 * The only composition root: builds what a process needs and hands it down. One program, five
 * processes; each loads its own part only, so that the edge carries no database and the command line
 * no engine.
 */
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { invariant } from './core/invariant.ts';
import { callControl } from './platform/control-client.ts';
import { systemClock } from './platform/clock.ts';
import { createLog } from './platform/log.ts';
import { packageVersion } from './platform/package-version.ts';
import { FIRST_SERVER, isServerName, serverSocketIn } from './platform/server-names.ts';
import { keepGarbageSmall } from './platform/small-garbage.ts';
import { stateDirectoryAt, type StateDirectory } from './platform/state-directory.ts';

/** What starts another of the processes: plain JavaScript, so that nothing has to take types away before all is cached. */
const mainPath = join(import.meta.dirname, '..', 'bin', 'surefoot.mjs');
const READY_CALL_MS = 1_000;

type Role = (directory: StateDirectory, args: readonly string[]) => Promise<void>;

const roles: Readonly<Record<string, Role>> = {
  keeper: runKeeperRole,
  edge: runEdgeRole,
  host: runHostRole,
  server: runServerRole,
};

async function main(argv: readonly string[]): Promise<void> {
  const [command, flag, root, ...args] = argv;
  const role = command === undefined ? undefined : roles[command];
  if (role && flag === '--state-dir' && root !== undefined) {
    await role(stateDirectoryAt(root), args);
    return;
  }
  await runCommandLine(argv);
}

async function runCommandLine(argv: readonly string[]): Promise<void> {
  // Only at the start it has an effect.
  if (argv.includes('backup')) keepGarbageSmall();
  const { runCli } = await import('./cli/run-cli.ts');
  const { processEnvironment } = await import('./cli/process-environment.ts');
  const { builtInDrivers } = await import('./drivers/registry.ts');
  const { connectDriver } = await import('./engine/connect-driver.ts');
  const environment = processEnvironment({
    ...{ drivers: builtInDrivers, mainPath },
    connect: connectDriver(builtInDrivers),
  });
  process.exitCode = await runCli(argv, environment);
}

/** Told the number of servers, it has so many; otherwise as many as the keeper before it. */
async function runKeeperRole(
  directory: StateDirectory,
  [servers]: readonly string[],
): Promise<void> {
  const { runKeeper } = await import('./platform/keeper.ts');
  const { keptServers } = await import('./platform/kept-servers.ts');
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  const commandOf = (role: string, ...args: readonly string[]) => [
    ...[process.execPath, mainPath, role, '--state-dir', directory.root],
    ...args,
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
      ...keptServers(directory, servers).map((name) => ({
        name,
        command: commandOf('server', name),
        readyWhen: answers(serverSocketIn(directory, name), '/v1/status'),
        needsDatabase: true,
      })),
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

/** One of the servers; its name is that of its socket, its lock and its log. */
async function runServerRole(
  directory: StateDirectory,
  [name = FIRST_SERVER]: readonly string[],
): Promise<void> {
  invariant(isServerName(name), 'a server has one of their names');
  const { startEngine } = await import('./engine/start-engine.ts');
  const { connectDriversFrom } = await import('./engine/drivers-in-use.ts');
  const { validatePlannedFrom } = await import('./engine/validation/validate-planned.ts');
  const { databaseToolsIn } = await import('./engine/migration/database-tools.ts');
  const { databaseWorkFrom } = await import('./engine/migration/database-work.ts');
  const { planDatabaseFrom } = await import('./engine/migration/plan-database.ts');
  const { openPlannedIn } = await import('./engine/backup/open-planned.ts');
  const { copyPlannedLogFrom } = await import('./engine/backup/copy-planned-log.ts');
  const { securePlannedFrom } = await import('./engine/backup/secure-planned.ts');
  const { clearLeftRuns } = await import('./engine/validation/clear-left-runs.ts');
  const { connectDriver } = await import('./engine/connect-driver.ts');
  const { serveApi } = await import('./api/serve-api.ts');
  const { builtInDrivers } = await import('./drivers/registry.ts');
  const { untilFileLocked } = await import('./platform/file-lock.ts');
  const log = createLog({ fields: { role: name } });
  // Crash-only: told to end or killed, what was under way goes on in the next process.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
  const lock = await untilFileLocked(join(directory.root, `${name}.lock`));
  process.once('exit', () => lock.release());
  const version = packageVersion();
  const agents = { stateDirectory: directory.root };
  const surroundings = {
    connect: connectDriver(builtInDrivers),
    ...{ agents, clock: systemClock, host: process.env },
  };
  const engine = await startEngine({
    connectionString: await connectionStringFor(directory),
    stateDirectory: directory.root,
    version,
    connectDrivers: connectDriversFrom(builtInDrivers, agents),
    work: {
      validate: validatePlannedFrom({ ...surroundings, self: [process.execPath, mainPath] }),
      planDatabase: planDatabaseFrom(surroundings),
      ...databaseWorkFrom(databaseToolsIn(surroundings)),
      secureBackup: securePlannedFrom(openPlannedIn(surroundings)),
      copyLog: copyPlannedLogFrom(openPlannedIn(surroundings)),
    },
    clock: systemClock,
    log,
    onUnfit(reason) {
      log.warn('server cannot go on and ends', { reason });
      process.exit(1);
    },
  });
  await serveApi({ engine, socketPath: serverSocketIn(directory, name), version, log });
  clearLeftRuns(directory.root, systemClock, () => Promise.resolve()).catch((error: unknown) =>
    log.warn('what killed checks have left is not cleared', { reason: String(error) }),
  );
  const { clearLeftBackups } = await import('./engine/backup/noted-work.ts');
  clearLeftBackups({ ...agents, clock: systemClock, host: process.env }).then(
    (left) =>
      left.forEach((why) => log.warn('what killed backups have left is there yet', { why })),
    (error: unknown) =>
      log.warn('what killed backups have left is not cleared', { reason: String(error) }),
  );
  log.info('server is ready', { drives: engine.lock.isHeld() });
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
