/** Drives a validation chain: starts what `decideChain` says, on a copy of what is checked, and reports everything. */
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decideChain,
  isOver,
  newChain,
  type Chain,
  type ChainEvent,
  type ChainState,
  type Link,
} from '../../core/validation/chain.ts';
import { idleLinks } from '../../core/validation/idle-links.ts';
import { maskSecrets } from '../../config/mask-secrets.ts';
import { PREVIEW } from '../../config/preview-schema.ts';
import { invariant } from '../../core/invariant.ts';
import type { AllowedCpus } from '../../platform/allowed-cpus.ts';
import type { Clock, Deadline } from '../../platform/clock.ts';
import { copyFolder } from '../../platform/copy-folder.ts';
import { removeFolder } from '../../platform/remove-folder.ts';
import { chainLinks } from './chain-links.ts';
import { nothingDone, type CheckResult } from './check-result.ts';
import { maskResult } from './mask-result.ts';
import type { KeptRun } from './kept-runs.ts';
import { digestedSource, inputsOf } from './inputs-of.ts';
import type { JudgedByRun } from './judge-evidence.ts';
import { createPreview, type Preview } from './preview.ts';
import type { PreviewPlan } from './preview-plan.ts';
import { preparesShared } from './prepares-shared.ts';
import { reusableReport, type Reusable } from './reusable-report.ts';
import { reuseCheck, runCheck, type CheckRun, type NamedCheck } from './run-check.ts';
import { runOnTarget } from './run-on-target.ts';
import { shareCopy, type SharedCopy } from './shared-copy.ts';
import { filledCheck, targetOf } from './target-of.ts';
import { SAMPLE_EVERY_MS } from './watch-resources.ts';

export interface ChainRun {
  readonly checks: readonly NamedCheck[];
  /** For those of them that need one; null without such. */
  readonly preview: PreviewPlan | null;
  /** How often what it takes up is looked at. */
  readonly sampleEveryMs?: number;
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
  /** Why it has none, so that nothing is used again. */
  readonly sourceRefusal: string | null;
  /** One for each check, in their order, and one for the preview before the first that needs it. */
  readonly checks: readonly CheckResult[];
}

export async function runChain(run: ChainRun): Promise<ChainResult> {
  const base = join(run.workDirectory, 'base');
  await mkdir(run.workDirectory, { recursive: true, mode: 0o700 });
  const preview = run.preview && previewOf(run, run.preview, base);
  const timeBox = run.clock.deadline(run.timeBoxMs);
  try {
    await copyFolder(run.source, base, run.stateDirectory);
    const { digest: source, refusal } = await digestedSource(base);
    const found = await foundation(run, await shareCopy(base), { source, timeBox });
    const on = { ...found, preview, timeBox };
    const sourceRefusal = refusal === null ? null : maskSecrets(refusal, run.secretValues);
    return { source, sourceRefusal, checks: await drive(run, on) };
  } finally {
    timeBox.release();
    try {
      await preview?.end();
    } finally {
      await removeFolder(run.workDirectory);
    }
  }
}

function previewOf(run: ChainRun, plan: PreviewPlan, base: string): Preview {
  const { environment, clock, secretValues } = run;
  return createPreview({
    ...{ plan, base, environment, clock, secretValues },
    directory: join(run.workDirectory, PREVIEW),
    evidence: join(run.evidence, PREVIEW),
    onLine: (line) => run.onEvent({ kind: 'line', check: PREVIEW, line }),
  });
}

/** What is known before anything runs. */
interface Foundation {
  readonly links: readonly Link[];
  /** What all checks work on. */
  readonly base: SharedCopy;
  /** Waited for only where something may be used again: programs are large. */
  readonly inputs: Promise<ReadonlyMap<string, string | null>>;
  readonly reusable: ReadonlyMap<string, Reusable>;
  /** What need not run, of what prepares as of what is known. */
  readonly idle: ReadonlySet<string>;
}

async function foundation(
  run: ChainRun,
  base: SharedCopy,
  { source, timeBox }: { readonly source: string | null; readonly timeBox: Deadline },
): Promise<Foundation> {
  const { checks, environment, reuse, clock } = run;
  const signal = AbortSignal.any([run.signal, timeBox.signal]);
  const inputs = inputsOf(checks, { directory: base.directory, source, environment, signal });
  const preparers = checks.filter(preparesShared).map(({ name }) => name);
  const reusable = new Map<string, Reusable>();
  for (const { name, reader } of checks) {
    if (!reuse || reuse.runs.length === 0 || !reader) continue;
    const wanted = { name, inputs: (await inputs).get(name) ?? null, preparers };
    const age = { nowMs: clock.wallMs(), ageMaxMs: reuse.ageMaxMs };
    const kept = await reusableReport(reuse.runs, wanted, age);
    if (kept) reusable.set(name, kept);
  }
  const links = chainLinks(checks, run.preview);
  const idle = idleLinks(
    links.map(({ name, needs }) => {
      const check = checks.find((each) => each.name === name);
      return {
        ...{ name, needs, prepares: check?.reader === null, isKnown: reusable.has(name) },
        isApart: check !== undefined && worksApart(check),
      };
    }),
  );
  return { links, base, inputs, reusable, idle };
}

/** What plants or changes something has a copy of its own: nobody else shall find it. */
function worksApart({ ownCopy, plant }: NamedCheck): boolean {
  return ownCopy === true || Object.keys(plant).length > 0;
}

interface Ground extends Foundation {
  readonly timeBox: Deadline;
  readonly preview: Preview | null;
}

const USED_UP = 'The time box is used up.';

async function drive(run: ChainRun, on: Ground): Promise<readonly CheckResult[]> {
  const chain: Chain = { links: on.links, cpus: run.cpus.numbers.length };
  const results = new Map<string, CheckResult>();
  const running = new Map<string, AbortController>();
  const free = new Set(run.cpus.numbers);
  const { timeBox } = on;
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let state: ChainState = newChain(chain);

  const take = (event: ChainEvent): void => {
    const { state: next, commands } = decideChain(chain, state, event);
    state = next;
    for (const { kind, link } of commands) {
      if (kind === 'stop') running.get(link)?.abort(new Error(state.stopped ?? ''));
      else if (kind === 'dismiss') on.preview?.end().catch(reject);
      else start(link);
    }
    if (isOver(state)) resolve(undefined);
  };
  const start = (name: string): void => {
    const link = on.links.find((each) => each.name === name);
    invariant(link, `${name} is a link of the chain`);
    const stop = new AbortController();
    running.set(name, stop);
    const cpus = [...free].slice(0, link.cpus);
    for (const cpu of cpus) free.delete(cpu);
    run.onEvent({ kind: 'started', check: name });
    runLink(run, name, { ...on, cpus, signal: stop.signal }).then((unmasked) => {
      const result = maskResult(unmasked, run.secretValues);
      running.delete(name);
      for (const cpu of cpus) free.add(cpu);
      results.set(name, result);
      run.onEvent({ kind: 'ended', result });
      take({ kind: 'LinkEnded', link: name, outcome: result.outcome });
    }, reject);
  };
  on.inputs.catch(reject);
  const stopAll = (because: string): void => take({ kind: 'Stopped', because });
  timeBox.signal.addEventListener('abort', () => stopAll(USED_UP));
  if (timeBox.hasPassed()) stopAll(USED_UP);
  run.signal.addEventListener('abort', () => stopAll('It was stopped.'), { once: true });
  if (run.signal.aborted) stopAll('It was stopped.');
  take({ kind: 'Started' });
  try {
    await promise;
  } finally {
    for (const stop of running.values()) stop.abort(new Error('Another check could not go on.'));
  }
  return on.links.map(({ name }) => results.get(name) ?? notRun(run, name, state));
}

interface Place extends Ground {
  readonly cpus: readonly number[];
  readonly signal: AbortSignal;
}

function runLink(run: ChainRun, name: string, on: Place): Promise<CheckResult> {
  const check = run.checks.find((each) => each.name === name);
  if (check) return runOn(run, check, on);
  invariant(on.preview, `${name} is a check or the preview`);
  return on.preview.start(on.signal);
}

async function runOn(run: ChainRun, check: NamedCheck, on: Place): Promise<CheckResult> {
  const isIdle = on.idle.has(check.name);
  if (isIdle && !check.reader) return idle(check, run.clock);
  const { clock } = run;
  const inputs = on.inputs.then((known) => known.get(check.name) ?? null);
  const evidence = join(run.evidence, check.name);
  const judgedBy = await run.judgedBy(check.name);
  const kept = on.reusable.get(check.name);
  if (isIdle && kept) {
    const { directory } = on.base;
    return reuseCheck(
      {
        ...{ check, directory, environment: run.environment, evidence, inputs, judgedBy, clock },
        signal: on.signal,
      },
      kept,
    );
  }
  const { base } = on;
  const isApart = worksApart(check);
  const directory = isApart ? join(run.workDirectory, `of-${check.name}`) : base.directory;
  if (isApart) await copyFolder(base.directory, directory);
  // Whoever changed it before has changed what was copied, too.
  const changed = isApart ? await base.firstChange() : null;
  const { taskset } = run.cpus;
  const preview = on.preview?.running() ?? null;
  const checkRun: CheckRun = {
    check: filledCheck(check, preview),
    ...{ directory, signal: on.signal, clock, secretValues: run.secretValues, self: run.self },
    ...{ evidence, inputs, judgedBy, environment: run.environment },
    apart: join(run.workDirectory, `apart-${check.name}`),
    raw: join(run.workDirectory, `report-${check.name}`),
    copies: await pathsOf(run.workDirectory),
    keeper: taskset === null ? [] : [taskset, '-c', on.cpus.join(',')],
    onLine: (line) => run.onEvent({ kind: 'line', check: check.name, line }),
  };
  const target = targetOf(check, preview, run.sampleEveryMs ?? SAMPLE_EVERY_MS);
  const work = (): Promise<CheckResult> =>
    target === null ? runCheck(checkRun) : runOnTarget(checkRun, target);
  if (isApart) return onUnchanged(await work(), changed);
  if (!check.reader) return base.prepare(work);
  const result = await work();
  return onUnchanged(result, await base.firstChange());
}

/** Some tools follow links before they name anything. */
async function pathsOf(folder: string): Promise<readonly string[]> {
  return [...new Set([await realpath(folder), folder])];
}

/** What has looked at something else than the release has shown nothing of it. */
function onUnchanged(result: CheckResult, changed: string | null): CheckResult {
  if (changed === null || result.outcome !== 'PASS') return result;
  const because = `"${changed}" of what is checked was changed before it ended, by itself or by another check. What changes it needs \`ownCopy: true\`, or no \`report\`.`;
  return { ...result, outcome: 'ERROR', because };
}

function notRun(run: ChainRun, name: string, { links }: ChainState): CheckResult {
  const found = links[name];
  invariant(found?.kind === 'ended', `${name} has ended`);
  const check = run.checks.find((each) => each.name === name);
  const about = check ?? { name, run: run.preview?.command ?? [] };
  return { ...nothingDone(about), outcome: found.outcome, because: found.because };
}

/** It stays as it is in the copy, which nobody looks at. */
function idle(check: NamedCheck, clock: Clock): CheckResult {
  return {
    ...{ ...nothingDone(check), outcome: 'PASS' },
    because: 'What needs it is known from an earlier run.',
    startedAt: new Date(clock.wallMs()).toISOString(),
  };
}
