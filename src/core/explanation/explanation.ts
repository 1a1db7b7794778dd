/**
 * Why a deployment went as it did, from what is on record: plain data for programs, with sentences for
 * people.
 */
import type { Exposure } from '../deployment/deployment-summary.ts';
import type { FailureCode } from '../failures.ts';
import type { Finding } from '../gates/finding.ts';
import type { TrafficCourse } from '../gates/traffic-course.ts';
import type { Phase, Plan } from '../plan/plan.ts';
import type { ComparedFigures } from '../verdict/compared-figures.ts';
import type { Verdict } from '../verdict/conclude-verdict.ts';
import type { MetricFamily } from '../verdict/verdict-settings.ts';

export interface Explanation {
  readonly id: string;
  readonly kind: Plan['kind'];
  readonly environment: string;
  readonly services: readonly ExplainedService[];
  readonly status: 'running' | 'promoted' | 'reverted' | 'held';
  /** How it stands or ended, and why. */
  readonly sentence: string;
  /** Why it turned round or stopped; null when it did not. */
  readonly cause: ExplainedCause | null;
  /** Every step that was begun, in the order of their beginnings. */
  readonly steps: readonly ExplainedStep[];
  readonly timeline: readonly TurningPoint[];
  /** Null until the end. */
  readonly exposure: Exposure | null;
  /** From the decision until the candidate had no traffic; null when none was taken away, or unknown. */
  readonly decisionToZeroMs: number | null;
  /** Null until the end. */
  readonly totalMs: number | null;
}

export interface ExplainedService {
  readonly service: string;
  readonly release: string;
  readonly replaces: string | null;
}

export interface ExplainedCause {
  readonly step: string;
  readonly row: string | null;
  readonly title: string | null;
  readonly code: FailureCode;
  readonly sentence: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Particulars of the failure; their form depends on its code. */
  readonly details: Readonly<Record<string, unknown>> | null;
}

export interface ExplainedStep {
  readonly id: string;
  readonly row: string;
  readonly phase: Phase;
  readonly title: string;
  /** Tries, of which the last one is told. */
  readonly attempts: number;
  readonly startedAt: string;
  /** `running` as well when whoever carried it out ended before an outcome was recorded. */
  readonly outcome: 'running' | 'passed' | 'failed';
  /** Of a failure. */
  readonly code: FailureCode | null;
  readonly durationMs: number | null;
  readonly sentence: string;
  /** What was judged on live traffic; null where nothing was. */
  readonly judged: JudgedTraffic | null;
}

export interface JudgedTraffic {
  readonly verdict: Verdict;
  /** The candidate's share in percent. */
  readonly weight: number;
  readonly findings: readonly ExplainedFinding[];
  /** The candidate beside the stable release; null when they were not compared. */
  readonly compared: ComparedFigures | null;
  /** What was compared; empty when nothing was. */
  readonly families: readonly MetricFamily[];
  /** How strong the evidence was, in words; null when they were not compared. */
  readonly evidence: string | null;
  /** How it went, second by second; null before the first request, and in old records. */
  readonly course: TrafficCourse | null;
}

export interface ExplainedFinding extends Finding {
  readonly name: string;
  /** What the stable release had of it, where that is known. */
  readonly stable: number | null;
  readonly bound: 'at most' | 'at least' | 'below' | 'exactly';
  /** What would have been needed; null when the limit is met, or broken for good. */
  readonly missing: string | null;
}

/** What changed the course of a deployment, with the time of its record. */
export interface TurningPoint {
  readonly at: string;
  readonly kind:
    'requested' | 'shifted' | 'judged' | 'failed' | 'asked' | 'turned' | 'emptied' | 'ended';
  readonly text: string;
}
