/** Starts the one instance of a preview as the local target starts its own, but so that it ends with the chain. */
import { instanceIdOf, type PoolId } from '../../core/model/ids.ts';
import { operationalError } from '../../core/operational-error.ts';
import { findProgram } from '../../platform/find-program.ts';
import { instanceEnvironment } from '../../platform/instance-environment.ts';
import { newLaunch } from '../../platform/launched-processes.ts';
import type { ProcessIdentity } from '../../platform/process-identity.ts';
import { runTool } from '../../platform/run-tool.ts';
import { endWords, type StartedInstance } from './look-at-preview.ts';
import type { BringingUp } from './running-preview.ts';

export interface InstancePlace {
  readonly directory: string;
  readonly port: number;
  /** What it gets besides what every instance does. */
  readonly environment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  readonly secretValues: readonly string[];
}

const POOL = 'preview' as PoolId;

export interface EndableInstance extends StartedInstance {
  /** With everything that it has started. */
  readonly end: () => Promise<void>;
}

export async function startPreviewInstance(
  { plan, environment: host, clock, undo, said }: BringingUp,
  { directory, port, environment, log, secretValues }: InstancePlace,
): Promise<EndableInstance> {
  const launch = newLaunch(host);
  const { release, command, stopGraceMs } = plan;
  const all = instanceEnvironment(
    { pool: POOL, release, environment },
    { id: instanceIdOf(POOL, 0), port, launch },
    host,
  );
  const [name = '', ...args] = command;
  const program = await findProgram(name, directory, all['PATH'] ?? '');
  const stop = new AbortController();
  const started = Promise.withResolvers<ProcessIdentity | null>();
  const outcome = runTool({
    ...{ program, args, directory, environment: all, outputFile: null, onLine: log },
    secretValues,
    ...{ clock, signal: stop.signal, launch, onStart: started.resolve, graceMs: stopGraceMs },
  });
  outcome.then(() => started.resolve(null), started.reject);
  const end = async (): Promise<void> => {
    stop.abort();
    await outcome;
  };
  undo(end);
  const leader = await started.promise;
  if (leader) return { launch, leader, outcome, end };
  throw operationalError('instance-exited', said(endWords(await outcome)));
}
