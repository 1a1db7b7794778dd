/** Makes a preview, step by step; each step says how it is undone before the next one begins. */
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { maskSecrets } from '../../config/mask-secrets.ts';
import { invariant } from '../../core/invariant.ts';
import { operationalError } from '../../core/operational-error.ts';
import { showDuration } from '../../core/words/show-duration.ts';
import { findProgram } from '../../platform/find-program.ts';
import { findFreePorts, INSTANCE_HOST, isPortFree } from '../../platform/port-allocation.ts';
import { runTool } from '../../platform/run-tool.ts';
import { untilAlive, type LookAtTarget } from './alive.ts';
import { copyFolder } from '../../platform/copy-folder.ts';
import { endWords, lookAtPreview, type ProbeReading } from './look-at-preview.ts';
import type { BringingUp, RunningPreview } from './running-preview.ts';
import { scratchFolder } from './scratch-folder.ts';
import { startPreviewInstance, type InstancePlace } from './start-preview-instance.ts';

/** Somebody else may take a port between the look and the start. */
const TRIES = 3;

export interface BroughtUp {
  readonly preview: RunningPreview;
  readonly readings: readonly ProbeReading[];
}

/** Throws an operational error that says why it is not ready, or what the signal says. */
export async function bringUpPreview(up: BringingUp): Promise<BroughtUp> {
  const place = await copied(up);
  const database = await filledDatabase(up, place);
  for (let attempt = 1; ; attempt += 1) {
    const [port = 0] = await findFreePorts(1, up.plan.ports, new Set());
    const found = await tryPort(up, { ...place, ...database, port });
    if ('preview' in found) return found;
    up.signal.throwIfAborted();
    if (attempt === TRIES || (await isPortFree(port))) throw found.failure;
  }
}

/** The folder in which it runs. */
async function copied({
  plan,
  base,
  directory,
  undo,
}: BringingUp): Promise<Pick<InstancePlace, 'directory'>> {
  undo(() => rm(directory, { recursive: true, force: true }));
  const from = plan.path === null ? plan.artifact : base;
  const found = await stat(plan.path === null ? from : join(from, plan.path)).catch(() => null);
  if (!found) {
    const missing = plan.path ?? plan.artifact;
    throw operationalError(
      'artifact-missing',
      `What the preview runs, "${missing}", is not there.`,
    );
  }
  if (plan.path !== null || found.isDirectory()) {
    await copyFolder(from, directory);
  } else {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await copyFile(from, join(directory, basename(from)));
  }
  return { directory: plan.path === null ? directory : join(directory, plan.path) };
}

async function filledDatabase(
  up: BringingUp,
  { directory }: Pick<InstancePlace, 'directory'>,
): Promise<Pick<InstancePlace, 'environment' | 'log' | 'secretValues'>> {
  const { plan, log, secretValues } = up;
  if (!plan.database) return { environment: plan.env, log, secretValues };
  const address = await openedDatabase(up);
  const secrets = secretsIn(address);
  const filled = {
    environment: { ...plan.env, [plan.database.variable]: address },
    log: (line: string) => log(maskSecrets(line, secrets)),
    secretValues: [...secretValues, ...secrets],
  };
  for (const command of plan.database.seed) await seed(up, command, { ...filled, directory });
  return filled;
}

/** Empty, or as a backup has it. */
async function openedDatabase(up: BringingUp): Promise<string> {
  const { plan, clock, signal, log } = up;
  if (plan.restore) {
    const { address, id, remove } = await plan.restore(signal);
    up.undo(remove);
    log(`The database is restored from the backup ${id}.`);
    return address;
  }
  invariant(plan.database?.engine, 'an empty database is never taken for one that is restored');
  // The command line carries no database for those who need none.
  const { openScratchDatabase } = await import('./scratch-database.ts');
  const { url, remove } = await openScratchDatabase(scratchFolder(up.directory), { clock, signal });
  up.undo(remove);
  return url;
}

/** A path says nothing that is secret. */
function secretsIn(address: string): readonly string[] {
  if (!URL.canParse(address)) return [];
  return [address, new URL(address).password].filter((secret) => secret !== '');
}

async function seed(
  { environment, clock, signal, said }: BringingUp,
  command: readonly string[],
  place: Omit<InstancePlace, 'port'>,
): Promise<void> {
  const all = { ...environment, ...place.environment };
  const [name = '', ...args] = command;
  const program = await findProgram(name, place.directory, all['PATH'] ?? '');
  const end = await runTool({
    ...{ program, args, directory: place.directory, environment: all, clock, signal },
    ...{ outputFile: null, onLine: place.log, secretValues: place.secretValues },
  });
  signal.throwIfAborted();
  if (end.kind === 'exited' && end.code === 0) return;
  const message = `The database could not be seeded by "${command.join(' ')}". ${endWords(end)}`;
  throw operationalError('process-not-started', said(message));
}

async function tryPort(
  up: BringingUp,
  place: InstancePlace,
): Promise<BroughtUp | { readonly failure: Error }> {
  const { plan, clock, signal, said } = up;
  const subject = { host: INSTANCE_HOST, port: place.port, release: plan.release };
  const instance = await startPreviewInstance(up, place);
  let readings: readonly ProbeReading[] = [];
  const look: LookAtTarget = async (while_) => {
    const found = await lookAtPreview(instance, subject, { probes: plan.probes, signal: while_ });
    readings = found.readings;
    return found.look;
  };
  const found = await untilAlive(look, { clock, signal, waitMs: plan.ready });
  if (found.kind === 'alive') {
    const { leader, launch } = instance;
    return { preview: { ...subject, leader, launch, look }, readings };
  }
  await instance.end();
  if (found.kind === 'dead')
    return { failure: operationalError('instance-exited', said(found.why)) };
  const message = `It was not ready within ${showDuration(plan.ready)}. ${found.why}`;
  return { failure: operationalError('probe-failed', said(message)) };
}
