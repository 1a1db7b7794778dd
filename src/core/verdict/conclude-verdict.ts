/**
 * What the evidence comes to: ROLLBACK when the candidate is worse, PASS when harm is excluded, and
 * INCONCLUSIVE for everything else. No data, bad data and too few data are never a PASS.
 */
import { culpritsOf } from './culprits-of.ts';
import { evidenceOf, incidentEvidence, type Evidence } from './evidence-of.ts';
import { harmlessEvidence, type HarmlessEvidence } from './harmless-evidence.ts';
import type { MetricFamily, VerdictSettings } from './verdict-settings.ts';
import type { VerdictState } from './verdict-state.ts';

export type Verdict = 'ROLLBACK' | 'INCONCLUSIVE' | 'PASS';

/** What the ticks themselves don't say. */
export interface VerdictCircumstances {
  /** The candidate's share of the traffic, from 0 to 100, as it was read back. */
  readonly weight: number;
  readonly elapsedMs: number;
  /** Least time before a PASS. */
  readonly elapsedMsMin: number;
  /** Since the last tick was closed. */
  readonly sinceTickMs: number;
  /** Instances of the candidate in the last tick's figures, and all that it has. */
  readonly reporting: number;
  readonly instances: number;
  /** False when something else says that it is good enough, and it must only be no worse. */
  readonly mustExcludeHarm: boolean;
}

/** Why it is not decided yet; the first that holds is named. */
export interface OpenPoint {
  readonly point:
    | 'no-data'
    | 'stale'
    | 'discards'
    | 'partial-data'
    | 'not-serving'
    | 'incident'
    | 'too-early'
    | 'errors-open'
    | 'latency-open'
    | 'resources-open';
  /** In what the point is measured in: responses, ms, a share from 0 to 1, instances, nats or blocks. */
  readonly observed: number;
  readonly limit: number;
}

export interface Conclusion {
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  readonly harmless: HarmlessEvidence;
  /** Of a ROLLBACK. */
  readonly culprits: readonly MetricFamily[];
  /** Of INCONCLUSIVE. */
  readonly open: OpenPoint | null;
}

const STALE_TICKS = 3;
/** Share of the ticks that could not be used from which on nothing passes. */
export const DISCARDED_SHARE_MAX = 0.05;
/** So many responses would have come with a probability of all but e to the minus this. */
const EXPECTED_RESPONSES = 20;
/** What rounding makes of an E of exactly the bound. */
const TOLERANCE = 1e-12;

export function concludeVerdict(
  settings: VerdictSettings,
  state: VerdictState,
  circumstances: VerdictCircumstances,
): Conclusion {
  const { verdict, open } = standingOf(settings, state, circumstances);
  const evidence = evidenceOf(settings, state);
  const culprits = verdict === 'ROLLBACK' ? culpritsOf(settings, evidence) : [];
  return { verdict, evidence, harmless: harmlessEvidence(state), culprits, open };
}

/** The same without what it is told with. */
export function standingOf(
  settings: VerdictSettings,
  state: VerdictState,
  circumstances: VerdictCircumstances,
): Pick<Conclusion, 'verdict' | 'open'> {
  if (state.condemnedAt !== null) return { verdict: 'ROLLBACK', open: null };
  const open = openPointOf(settings, { state, circumstances });
  return { verdict: open === null ? 'PASS' : 'INCONCLUSIVE', open };
}

interface Given {
  readonly state: VerdictState;
  readonly circumstances: VerdictCircumstances;
}

function openPointOf(settings: VerdictSettings, given: Given): OpenPoint | null {
  const { circumstances } = given;
  return (
    missingData(settings, given) ??
    open('incident', incidentEvidence(given.state), -Math.log(settings.falseRollback), 'below') ??
    open('too-early', circumstances.elapsedMs, circumstances.elapsedMsMin) ??
    (circumstances.mustExcludeHarm ? possibleHarm(settings, given.state) : null)
  );
}

function missingData(
  { tickMs }: VerdictSettings,
  { state, circumstances }: Given,
): OpenPoint | null {
  const { weight, sinceTickMs, reporting, instances } = circumstances;
  const { candidateResponses } = state.totals;
  const expected = weight >= 100 ? 0 : (state.stableSinceCandidate * weight) / (100 - weight);
  const isSilent = expected >= EXPECTED_RESPONSES;
  const discards = state.ticks === 0 ? 0 : state.discarded / state.ticks;
  return (
    (isSilent ? null : open('no-data', candidateResponses, 1)) ??
    open('stale', sinceTickMs, STALE_TICKS * tickMs, 'at most') ??
    open('discards', discards, DISCARDED_SHARE_MAX, 'at most') ??
    open('partial-data', reporting, instances) ??
    open('not-serving', expected, EXPECTED_RESPONSES, 'below')
  );
}

function possibleHarm(settings: VerdictSettings, state: VerdictState): OpenPoint | null {
  const harmless = harmlessEvidence(state);
  const needed = -Math.log(settings.falsePass);
  const isJudged = (family: MetricFamily): boolean => settings.weights[family] > 0;
  const { gauges } = settings.resources;
  const seen = gauges.filter((gauge) => (state.gauges[gauge]?.blocks.length ?? 0) > 0);
  return (
    (isJudged('errors') ? open('errors-open', harmless.errors + TOLERANCE, needed) : null) ??
    (isJudged('latency')
      ? open('latency-open', Math.min(...harmless.latency) + TOLERANCE, needed)
      : null) ??
    (isJudged('resources') ? open('resources-open', seen.length, Math.max(1, gauges.length)) : null)
  );
}

function open(
  point: OpenPoint['point'],
  observed: number,
  limit: number,
  allowed: Allowed = 'at least',
): OpenPoint | null {
  return isMet(observed, limit, allowed) ? null : { point, observed, limit };
}

type Allowed = 'at least' | 'at most' | 'below';

function isMet(observed: number, limit: number, allowed: Allowed): boolean {
  switch (allowed) {
    case 'at least':
      return observed >= limit;
    case 'at most':
      return observed <= limit;
    case 'below':
      return observed < limit;
  }
}
