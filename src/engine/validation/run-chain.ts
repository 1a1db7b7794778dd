/** Drives a validation chain: starts what `decideChain` says, on a copy of what is checked, and reports everything. */
import { cp, mkdir, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import {
  decideChain,
  isOver,
  newChain,
  type Chain,
  type ChainEvent,
  type ChainState,
} from '../../core/validation/chain.ts';
import { invariant } from '../../core/invariant.ts';
import type { AllowedCpus } from '../../platform/allowed-cpus.ts';
import type { Clock } from '../../platform/clock.ts';
import { runCheck, type CheckResult, type NamedCheck } from './run-check.ts';

export interface ChainRun {
  readonly checks: readonly NamedCheck[];
  /** What is checked; only copies of it are touched. */
  readonly source: string;
  /** A folder that may lie in it and is none of it. */
  readonly stateDirectory: string;
  /** Made here, for the copies; gone in the end. */
  readonly workDirectory: string;
  /** Made here; holds a folder for each check. */
  readonly evidence: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly cpus: AllowedCpus;
  readonly timeBoxMs: number;
  readonly maskLine: (line: string) => string;
  readonly onEvent: (event: ChainProgress) => void;
  readonly clock: Clock;
  /** Stops all of it; what runs is ended. */
  readonly signal: AbortSignal;
}

export type ChainProgress =
  | { readonly kind: 'started'; readonly check: string }
  | { readonly kind: 'line'; readonly check: string; readonly line: string }
  | { readonly kind: 'ended'; readonly result: CheckResult };

/** One result for each check, in their order. */
export async function runChain(run: ChainRun): Promise<readonly CheckResult[]> {
  const base = join(run.workDirectory, 'base');
  await mkdir(run.workDirectory, { recursive: true, mode: 0o700 });
  try {
    await copyFolder(run.source, base, run.stateDirectory);
    return await drive(run, base);
  } finally {
    await rm(run.workDirectory, { recursive: true, force: true });
  }
}

async function drive(run: ChainRun, base: string): Promise<readonly CheckResult[]> {
  const chain: Chain = { links: run.checks, cpus: run.cpus.numbers.length };
  const results = new Map<string, CheckResult>();
  const running = new Map<string, AbortController>();
  const free = new Set(run.cpus.numbers);
  const timeBox = run.clock.deadline(run.timeBoxMs);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let state: ChainState = newChain(chain);

  const take = (event: ChainEvent): void => {
    const { state: next, commands } = decideChain(chain, state, event);
    state = next;
    for (const { kind, link } of commands) {
      if (kind === 'stop') running.get(link)?.abort(new Error(state.stopped ?? ''));
      else start(link);
    }
    if (isOver(state)) resolve(undefined);
  };
  const start = (name: string): void => {
    const check = run.checks.find((each) => each.name === name);
    invariant(check, `${name} is a check of the chain`);
    const stop = new AbortController();
    running.set(name, stop);
    const cpus = [...free].slice(0, check.cpus);
    for (const cpu of cpus) free.delete(cpu);
    run.onEvent({ kind: 'started', check: name });
    runOn(run, check, { base, cpus, signal: stop.signal }).then((result) => {
      running.delete(name);
      for (const cpu of cpus) free.add(cpu);
      results.set(name, result);
      run.onEvent({ kind: 'ended', result });
      take({ kind: 'LinkEnded', link: name, outcome: result.outcome });
    }, reject);
  };
  const stopAll = (because: string): void => take({ kind: 'Stopped', because });
  timeBox.signal.addEventListener('abort', () => stopAll('The time box is used up.'));
  run.signal.addEventListener('abort', () => stopAll('It was stopped.'), { once: true });
  if (run.signal.aborted) stopAll('It was stopped.');
  take({ kind: 'Started' });
  try {
    await promise;
  } finally {
    timeBox.release();
    for (const stop of running.values()) stop.abort(new Error('Another check could not go on.'));
  }
  return run.checks.map((check) => results.get(check.name) ?? notRun(check, state));
}

/** What plants something has a copy of its own: nobody else shall find it. */
async function runOn(
  run: ChainRun,
  check: NamedCheck,
  on: { readonly base: string; readonly cpus: readonly number[]; readonly signal: AbortSignal },
): Promise<CheckResult> {
  const plants = Object.keys(check.plant).length > 0;
  const directory = plants ? join(run.workDirectory, `of-${check.name}`) : on.base;
  if (plants) await copyFolder(on.base, directory);
  const { taskset } = run.cpus;
  return runCheck({
    ...{ check, directory, signal: on.signal, clock: run.clock, maskLine: run.maskLine },
    evidence: join(run.evidence, check.name),
    environment: run.environment,
    keeper: taskset === null ? [] : [taskset, '-c', on.cpus.join(',')],
    onLine: (line) => run.onEvent({ kind: 'line', check: check.name, line }),
  });
}

function notRun({ name, row, run }: NamedCheck, { links }: ChainState): CheckResult {
  const found = links[name];
  invariant(found?.kind === 'ended', `${name} has ended`);
  return {
    ...{ name, row: row ?? null, outcome: found.outcome, because: found.because, criteria: [] },
    ...{ tool: null, command: run, startedAt: null, durationMs: 0, exitCode: null, evidence: null },
  };
}

function copyFolder(from: string, to: string, without?: string): Promise<void> {
  return cp(from, to, {
    filter: (path) => path !== without,
    ...{ recursive: true, verbatimSymlinks: true, preserveTimestamps: true },
    mode: constants.COPYFILE_FICLONE,
  });
}
