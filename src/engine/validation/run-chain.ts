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
import { idleLinks } from '../../core/validation/idle-links.ts';
import { invariant } from '../../core/invariant.ts';
import type { AllowedCpus } from '../../platform/allowed-cpus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CheckResult } from './check-result.ts';
import type { KeptRun } from './kept-runs.ts';
import { inputsOf, sourceDigest } from './inputs-of.ts';
import type { JudgedByRun } from './judge-evidence.ts';
import { reusableReport, type Reusable } from './reusable-report.ts';
import { reuseCheck, runCheck, type NamedCheck } from './run-check.ts';

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
  /** What starts this very program, for the word `surefoot`. */
  readonly self: readonly string[];
  /** Earlier runs, newest first, whose reports may be used; null when all is to be made anew. */
  readonly reuse: { readonly runs: readonly KeptRun[]; readonly ageMaxMs: number } | null;
  readonly judgedBy: (check: string) => Promise<JudgedByRun>;
  readonly timeBoxMs: number;
  readonly secretValues: readonly string[];
  readonly onEvent: (event: ChainProgress) => void;
  readonly clock: Clock;
  /** Stops all of it; what runs is ended. */
  readonly signal: AbortSignal;
}

export type ChainProgress =
  | { readonly kind: 'started'; readonly check: string }
  | { readonly kind: 'line'; readonly check: string; readonly line: string }
  | { readonly kind: 'ended'; readonly result: CheckResult };

export interface ChainResult {
  /** Digest of what was checked; null when it has none. */
  readonly source: string | null;
  /** One for each check, in their order. */
  readonly checks: readonly CheckResult[];
}

export async function runChain(run: ChainRun): Promise<ChainResult> {
  const base = join(run.workDirectory, 'base');
  await mkdir(run.workDirectory, { recursive: true, mode: 0o700 });
  try {
    await copyFolder(run.source, base, run.stateDirectory);
    const source = await sourceDigest(base);
    return { source, checks: await drive(run, await foundation(run, base, source)) };
  } finally {
    await rm(run.workDirectory, { recursive: true, force: true });
  }
}

/** What is known before anything runs. */
interface Foundation {
  /** The copy that all checks share. */
  readonly base: string;
  readonly inputs: ReadonlyMap<string, string | null>;
  readonly reusable: ReadonlyMap<string, Reusable>;
  readonly idle: ReadonlySet<string>;
}

async function foundation(run: ChainRun, base: string, source: string | null): Promise<Foundation> {
  const { checks, environment, reuse, clock } = run;
  const inputs = await inputsOf(checks, { directory: base, source, environment });
  const reusable = new Map<string, Reusable>();
  for (const { name, reader } of reuse ? checks : []) {
    if (!reuse || !reader) continue;
    const wanted = { name, inputs: inputs.get(name) ?? null };
    const age = { nowMs: clock.wallMs(), ageMaxMs: reuse.ageMaxMs };
    const kept = await reusableReport(reuse.runs, wanted, age);
    if (kept) reusable.set(name, kept);
  }
  const links = checks.map(({ name, needs, reader }) => ({ name, needs, prepares: !reader }));
  return { base, inputs, reusable, idle: idleLinks(links, (name) => reusable.has(name)) };
}

async function drive(run: ChainRun, on: Foundation): Promise<readonly CheckResult[]> {
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
    runOn(run, check, { ...on, cpus, signal: stop.signal }).then((result) => {
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
  on: Foundation & { readonly cpus: readonly number[]; readonly signal: AbortSignal },
): Promise<CheckResult> {
  if (on.idle.has(check.name)) return idle(check, run.clock);
  const { clock } = run;
  const inputs = on.inputs.get(check.name) ?? null;
  const evidence = join(run.evidence, check.name);
  const judgedBy = await run.judgedBy(check.name);
  const kept = on.reusable.get(check.name);
  if (kept) return reuseCheck({ check, evidence, inputs, judgedBy, clock }, kept);
  const plants = Object.keys(check.plant).length > 0;
  const directory = plants ? join(run.workDirectory, `of-${check.name}`) : on.base;
  if (plants) await copyFolder(on.base, directory);
  const { taskset } = run.cpus;
  return runCheck({
    ...{
      check,
      directory,
      signal: on.signal,
      clock,
      secretValues: run.secretValues,
      self: run.self,
    },
    ...{ evidence, inputs, judgedBy, environment: run.environment },
    apart: join(run.workDirectory, `apart-${check.name}`),
    keeper: taskset === null ? [] : [taskset, '-c', on.cpus.join(',')],
    onLine: (line) => run.onEvent({ kind: 'line', check: check.name, line }),
  });
}

function notRun({ name, row, run }: NamedCheck, { links }: ChainState): CheckResult {
  const found = links[name];
  invariant(found?.kind === 'ended', `${name} has ended`);
  return {
    ...{ name, row: row ?? null, outcome: found.outcome, because: found.because, command: run },
    ...NOTHING_DONE,
  };
}

/** It stays as it is in the copy, which nobody looks at. */
function idle({ name, row, run }: NamedCheck, clock: Clock): CheckResult {
  return {
    ...{ name, row: row ?? null, outcome: 'PASS', command: run, ...NOTHING_DONE },
    because: 'What needs it is known from an earlier run.',
    startedAt: new Date(clock.wallMs()).toISOString(),
  };
}

const NOTHING_DONE = {
  ...{ criteria: [], tool: null, startedAt: null, durationMs: 0, exitCode: null },
  ...{ inputs: null, reused: null, evidence: null },
} as const;

function copyFolder(from: string, to: string, without?: string): Promise<void> {
  return cp(from, to, {
    filter: (path) => path !== without,
    ...{ recursive: true, verbatimSymlinks: true, preserveTimestamps: true },
    mode: constants.COPYFILE_FICLONE,
  });
}
