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
}

/** Why it is not decided yet; the first that holds is named. */
export type OpenPoint =
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
  const evidence = evidenceOf(settings, state);
  const harmless = harmlessEvidence(state);
  const found = { evidence, harmless, culprits: [], open: null };
  if (state.condemnedAt !== null) {
    return { ...found, verdict: 'ROLLBACK', culprits: culpritsOf(settings, evidence) };
  }
  const open = openPointOf(settings, { state, circumstances, harmless });
  return open === null
    ? { ...found, verdict: 'PASS' }
    : { ...found, verdict: 'INCONCLUSIVE', open };
}

function openPointOf(
  settings: VerdictSettings,
  given: {
    readonly state: VerdictState;
    readonly circumstances: VerdictCircumstances;
    readonly harmless: HarmlessEvidence;
  },
): OpenPoint | null {
  const { state, circumstances, harmless } = given;
  const { weight } = circumstances;
  const needed = -Math.log(settings.falsePass) - TOLERANCE;
  const isJudged = (family: MetricFamily): boolean => settings.weights[family] > 0;
  const expected = weight >= 100 ? 0 : (state.stableSinceCandidate * weight) / (100 - weight);
  if (state.totals.candidateResponses === 0 && expected < EXPECTED_RESPONSES) return 'no-data';
  if (circumstances.sinceTickMs > STALE_TICKS * settings.tickMs) return 'stale';
  if (state.discarded > DISCARDED_SHARE_MAX * state.ticks) return 'discards';
  if (circumstances.reporting < circumstances.instances) return 'partial-data';
  if (expected >= EXPECTED_RESPONSES) return 'not-serving';
  if (incidentEvidence(state) >= -Math.log(settings.falseRollback)) return 'incident';
  if (circumstances.elapsedMs < circumstances.elapsedMsMin) return 'too-early';
  if (isJudged('errors') && harmless.errors < needed) return 'errors-open';
  if (isJudged('latency') && harmless.latency.some((log) => log < needed)) return 'latency-open';
  const isSeen = (gauge: string): boolean => (state.gauges[gauge]?.blocks.length ?? 0) > 0;
  const { gauges } = settings.resources;
  if (isJudged('resources') && !(gauges.length > 0 && gauges.every(isSeen)))
    return 'resources-open';
  return null;
}
